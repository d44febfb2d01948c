import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { COMMENT, eventFrame } from './framing.ts'
import { type Generation, type Part, tokensOf } from './generate.ts'
import { readChatCompletion } from './openai-ask.ts'
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

interface Delta {
  readonly delta: Readonly<Record<string, unknown>>
  readonly holdsToken: boolean
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

/** OpenAI keeps what its models think to itself; `reasoning_content` is what the servers after it say. */
const MEMBERS = { text: 'content', refusal: 'refusal', reasoning: 'reasoning_content' } as const

function* deltasOf({ parts }: Generation): Iterable<Delta> {
  let calls = 0
  for (const part of parts) {
    if (part.kind === 'call') yield* callDeltas(part, calls++)
    else for (const token of part.tokens) yield { delta: { [MEMBERS[part.kind]]: token }, holdsToken: true }
  }
}

function* callDeltas(call: Call, index: number): Iterable<Delta> {
  yield { delta: { tool_calls: [{ index, ...described(call, '') }] }, holdsToken: false }
  for (const token of call.tokens) {
    const more = call.custom ? { custom: { input: token } } : { function: { arguments: token } }
    yield { delta: { tool_calls: [{ index, ...more }] }, holdsToken: true }
  }
}

type Call = Extract<Part, { kind: 'call' }>

function described({ id, name, custom }: Call, text: string): object {
  const type = custom ? { type: 'custom', custom: { name, input: text } } : null
  return { id: `call_${id}`, ...(type ?? { type: 'function', function: { name, arguments: text } }) }
}

function message(choice: Generation): object {
  const said = (kind: Part['kind']) => tokensOf(choice, kind).join('')
  const calls = choice.parts.filter((part) => part.kind === 'call')
  return {
    role: 'assistant',
    content: choice.parts.some(({ kind }) => kind === 'text') ? said('text') : null,
    refusal: said('refusal') || null,
    annotations: [],
    ...(said('reasoning') !== '' && { reasoning_content: said('reasoning') }),
    ...(calls.length > 0 && { tool_calls: calls.map((call) => described(call, call.tokens.join(''))) }),
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
