import type { Generation, Turn } from './generate.ts'
import { type Params, required } from './params.ts'
import { randomId } from './random.ts'
import { Refusal } from './refusal.ts'
import { type Answer, type Frame, MODEL, MODEL_CREATED, type WireFormat } from './wire-format.ts'

const ROLES = ['developer', 'system', 'user', 'assistant', 'tool', 'function']
const MOST_CHOICES = 128
const MOST_STOPS = 4

/** OpenAI's Chat Completions: `data:` lines that hold chunks, and `[DONE]` behind the last. */
export const openaiChat: WireFormat = {
  fields: ({ requestId, now, requests, tokens }) => ({
    'x-request-id': requestId,
    'openai-organization': 'simulator',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': `${requests.limit}`,
    'x-ratelimit-limit-tokens': `${tokens.limit}`,
    'x-ratelimit-remaining-requests': `${requests.remaining}`,
    'x-ratelimit-remaining-tokens': `${tokens.remaining}`,
    'x-ratelimit-reset-requests': `${requests.reset - now}ms`,
    'x-ratelimit-reset-tokens': `${tokens.reset - now}ms`,
  }),

  indexed: (name, i) => `${name}[${i}]`,

  apiKey: (fields) => fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],

  refusal: ({ message, param, code, status }) => ({
    error: {
      message,
      type: status === 500 ? 'server_error' : 'invalid_request_error',
      param: param ?? null,
      code: code ?? null,
    },
  }),

  models: () => ({
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: MODEL_CREATED, owned_by: 'sse-from-scratch' }],
  }),

  readAsk(params) {
    const stream = params.boolean('stream') ?? false
    const streamOptions = params.object('stream_options')
    if (streamOptions && !stream) {
      throw new Refusal(400, "'stream_options' is only allowed when 'stream' is true.", { param: 'stream_options' })
    }
    params.number('temperature', 0, 2)
    params.number('top_p', 0, 1)
    return {
      model: required(params.string('model'), params, 'model'),
      turns: readTurns(params),
      stream,
      choices: params.integer('n', 1, MOST_CHOICES) ?? 1,
      maxTokens: params.integer('max_completion_tokens', 1) ?? params.integer('max_tokens', 1),
      stop: params.strings('stop', MOST_STOPS),
      seed: params.integer('seed', Number.MIN_SAFE_INTEGER) ?? 0,
      includeUsage: streamOptions?.boolean('include_usage') ?? false,
    }
  },

  answerId: (random) => `chatcmpl-${randomId(random, 29)}`,

  whole: (answer) => ({
    ...head(answer, 'chat.completion'),
    choices: answer.choices.map((choice, index) => ({
      index,
      message: { role: 'assistant', content: choice.tokens.join(''), refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: finishReason(choice),
    })),
    usage: usage(answer),
  }),

  *frames(answer) {
    const { choices, ask } = answer
    for (const index of choices.keys()) yield chunk(answer, index, { role: 'assistant', content: '', refusal: null })
    const longest = Math.max(...choices.map((choice) => choice.tokens.length))
    for (let i = 0; i <= longest; i++) yield* round(answer, i)
    if (ask.includeUsage) yield data({ ...head(answer, 'chat.completion.chunk'), choices: [], usage: usage(answer) })
    yield { event: { data: '[DONE]' }, holdsToken: false }
  },
}

/** The i-th token of each choice that has one, and the end of each that has no more. */
function* round(answer: Answer, i: number): Iterable<Frame> {
  for (const [index, choice] of answer.choices.entries()) {
    const token = choice.tokens[i]
    if (token !== undefined) yield chunk(answer, index, { content: token })
    else if (i === choice.tokens.length) yield chunk(answer, index, {}, finishReason(choice))
  }
}

interface Delta {
  readonly role?: 'assistant'
  readonly content?: string
  readonly refusal?: null
}

function chunk(answer: Answer, index: number, delta: Delta, finish: string | null = null): Frame {
  const frame = data({
    ...head(answer, 'chat.completion.chunk'),
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
    ...(answer.ask.includeUsage && { usage: null }),
  })
  return { ...frame, holdsToken: delta.content !== undefined && delta.content !== '' }
}

function data(value: unknown): Frame {
  return { event: { data: JSON.stringify(value) }, holdsToken: false }
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

function finishReason({ reason }: Generation): string {
  return reason === 'length' ? 'length' : 'stop'
}

function usage({ promptTokens, choices }: Answer): unknown {
  const completionTokens = choices.reduce((sum, choice) => sum + choice.tokens.length, 0)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function readTurns(params: Params): Turn[] {
  const messages = required(params.objects('messages'), params, 'messages')
  if (messages.length > 0) return messages.map(readTurn)
  throw new Refusal(400, "'messages' must hold at least one message.", { param: 'messages', code: 'empty_array' })
}

function readTurn(message: Params): Turn {
  const role = required(message.string('role'), message, 'role')
  if (!ROLES.includes(role)) {
    const param = message.path('role')
    throw new Refusal(400, `'${param}' must be one of ${ROLES.join(', ')}.`, { param, code: 'invalid_value' })
  }
  const text = message.content('content')
  const mayBeWithout = role === 'assistant' // which can call tools instead, or refuse
  return { role, text: mayBeWithout ? (text ?? '') : required(text, message, 'content') }
}
