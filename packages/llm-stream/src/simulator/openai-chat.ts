import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { COMMENT, eventFrame } from './framing.ts'
import { type Part, tokensOf } from './generate.ts'
import { readChatCompletion } from './openai-ask.ts'
import { type Delta, deltasOf, message } from './openai-deltas.ts'
import { openaiError, openaiFields } from './openai-errors.ts'
import { randomId } from './random.ts'
import { type Answer, type Frame, MODEL, MODEL_CREATED, type WireFormat } from './wire-format.ts'

/** OpenAI's Chat Completions: `data:` lines that hold chunks, and `[DONE]` behind the last. */
export const openaiChat: WireFormat = {
  service: 'openai',

  fields: openaiFields,

  indexed: (name, i) => `${name}[${i}]`,

  apiKey: (fields) => fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],

  refusal: openaiError,

  models: () => ({
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: MODEL_CREATED, owned_by: 'sse-from-scratch' }],
  }),

  readAsk: readChatCompletion,

  answerId: (random) => `chatcmpl-${randomId(random, 29)}`,

  whole: (answer) => ({
    ...head(answer, 'chat.completion'),
    choices: answer.choices.map((choice, index) => ({
      index,
      message: message(choice),
      logprobs: null,
      finish_reason: FINISH_REASONS[choice.reason],
    })),
    usage: usage(answer),
  }),

  streamFields: EVENT_STREAM_HEADERS,

  *frames(answer) {
    const { choices, ask } = answer
    for (const [index, choice] of choices.entries()) {
      const content = choice.reason === 'calls' ? null : ''
      yield chunk(answer, index, { delta: { role: 'assistant', content, refusal: null }, holdsToken: false })
    }
    const deltas = choices.map((choice) => [...deltasOf(choice)])
    const longest = Math.max(...deltas.map(({ length }) => length))
    for (let i = 0; i <= longest; i++) yield* round(answer, deltas, i)
    if (ask.includeUsage) yield data({ ...head(answer, 'chat.completion.chunk'), choices: [], usage: usage(answer) })
    yield eventFrame({ data: '[DONE]' }, { last: true })
  },

  keepAlive: COMMENT,

  failureFrame: (refusal) => eventFrame({ data: JSON.stringify(openaiError(refusal)) }).bytes,
}

/** The i-th delta of each choice that has one, and the end of each that has no more. */
function* round(answer: Answer, deltas: readonly (readonly Delta[])[], i: number): Iterable<Frame> {
  for (const [index, choice] of answer.choices.entries()) {
    const delta = deltas[index]?.[i]
    if (delta) yield chunk(answer, index, delta)
    else if (i === deltas[index]?.length) {
      yield chunk(answer, index, { delta: {}, holdsToken: false }, FINISH_REASONS[choice.reason])
    }
  }
}

function chunk(answer: Answer, index: number, { delta, holdsToken }: Delta, finish: string | null = null): Frame {
  const value = {
    ...head(answer, 'chat.completion.chunk'),
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
    ...(answer.ask.includeUsage && { usage: null }),
  }
  return data(value, holdsToken)
}

function data(value: unknown, holdsToken = false): Frame {
  return eventFrame({ data: JSON.stringify(value) }, { holdsToken })
}

function head(answer: Answer, object: string): Readonly<Record<string, unknown>> {
  return {
    id: answer.id,
    object,
    created: Math.floor(answer.created / 1000),
    model: answer.ask.model,
    service_tier: 'default',
    system_fingerprint: answer.fingerprint,
  }
}

const FINISH_REASONS = {
  end: 'stop',
  stop: 'stop',
  refusal: 'stop',
  length: 'length',
  calls: 'tool_calls',
  filter: 'content_filter',
} as const

function usage({ promptTokens, choices }: Answer): unknown {
  const count = (kind?: Part['kind']) => choices.reduce((sum, choice) => sum + tokensOf(choice, kind).length, 0)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: count(),
    total_tokens: promptTokens + count(),
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: count('reasoning'),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
