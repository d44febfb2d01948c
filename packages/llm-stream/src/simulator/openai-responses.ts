import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import type { ToolSpec } from './ask.ts'
import { COMMENT, eventFrame } from './framing.ts'
import { type Generation, tokensOf } from './generate.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiError } from './openai-errors.ts'
import { randomId } from './random.ts'
import type { Happening } from './response-item-kinds.ts'
import { readResponsesRequest } from './responses-ask.ts'
import { happeningsIn, itemsOf } from './responses-items.ts'
import type { Answer, WireFormat } from './wire-format.ts'

/** OpenAI's Responses: events named by their type and numbered, up to `response.completed`. There is no `[DONE]`. */
export const openaiResponses: WireFormat = {
  service: 'openai',
  fields: openaiChat.fields,
  indexed: openaiChat.indexed,
  apiKey: openaiChat.apiKey,
  refusal: openaiError,
  models: openaiChat.models,

  readAsk: readResponsesRequest,

  answerId: (random) => `resp_${randomId(random, 32)}`,

  whole: (answer) => responseOf(answer, statusOf(answer.choices[0])),

  streamFields: EVENT_STREAM_HEADERS,

  *frames(answer) {
    let number = 0
    for (const { type, body, holdsToken = false } of happenings(answer)) {
      const data = JSON.stringify({ type, sequence_number: number++, ...body })
      yield eventFrame({ event: type, data }, { holdsToken, last: ENDS.has(type) })
    }
  },

  keepAlive: COMMENT,

  failureFrame(refusal) {
    const { message, code } = openaiError(refusal).error as { message: string; code: string | null }
    const data = { type: 'error', code, message, param: null, sequence_number: 0 }
    return eventFrame({ event: 'error', data: JSON.stringify(data) }).bytes
  },
}

const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete'])

function* happenings(answer: Answer): Iterable<Happening> {
  const status = statusOf(answer.choices[0])
  yield { type: 'response.created', body: { response: responseOf(answer, 'in_progress') } }
  yield { type: 'response.in_progress', body: { response: responseOf(answer, 'in_progress') } }
  yield* happeningsIn(answer)
  yield { type: `response.${status}`, body: { response: responseOf(answer, status) } }
}

type Status = 'in_progress' | 'completed' | 'incomplete'

const INCOMPLETE = { length: 'max_output_tokens', filter: 'content_filter' } as const

function reasonOf(choice: Generation | undefined): string | undefined {
  const reason = choice?.reason
  return reason === 'length' || reason === 'filter' ? INCOMPLETE[reason] : undefined
}

function statusOf(choice: Generation | undefined): Status {
  return reasonOf(choice) === undefined ? 'completed' : 'incomplete'
}

function responseOf(answer: Answer, status: Status): object {
  const { ask, id, created, choices } = answer
  const over = status !== 'in_progress'
  return {
    id,
    object: 'response',
    created_at: Math.floor(created / 1000),
    status,
    background: ask.background,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: reasonOf(choices[0]) } : null,
    instructions: null,
    max_output_tokens: ask.maxTokens ?? null,
    metadata: {},
    model: ask.model,
    output: over ? itemsOf(answer) : [],
    parallel_tool_calls: ask.parallelCalls,
    previous_response_id: null,
    reasoning: { effort: null, summary: ask.reasoning ? 'auto' : null },
    service_tier: 'default',
    store: ask.store,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: typeof ask.toolChoice === 'object' ? { type: 'function', ...ask.toolChoice } : ask.toolChoice,
    tools: ask.tools.map(describeTool),
    top_p: 1,
    truncation: 'disabled',
    usage: over ? usage(answer) : null,
    user: null,
  }
}

function describeTool({ name, parameters, custom }: ToolSpec): object {
  if (custom) return { type: 'custom', name, format: { type: 'text' } }
  return { type: 'function', name, description: null, parameters: parameters ?? null, strict: false }
}

function usage({ promptTokens, choices: [choice] }: Answer): object {
  const output = choice ? tokensOf(choice).length : 0
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: choice ? tokensOf(choice, 'reasoning').length : 0 },
    total_tokens: promptTokens + output,
  }
}
