import type { Generation } from './generate.ts'
import { readChatCompletion } from './openai-ask.ts'
import { randomId } from './random.ts'
import { type Answer, type Frame, MODEL, MODEL_CREATED, type WireFormat } from './wire-format.ts'

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
    'x-ratelimit-reset-requests': duration(requests.reset - now),
    'x-ratelimit-reset-tokens': duration(tokens.reset - now),
  }),

  indexed: (name, i) => `${name}[${i}]`,

  apiKey: (fields) => fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],

  refusal: ({ message, param, code }) => ({
    error: { message, type: 'invalid_request_error', param: param ?? null, code: code ?? null },
  }),

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

/** Milliseconds as this service writes them: `12ms`, `1.5s`, `6m0s`. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`
  const minutes = Math.floor(milliseconds / 60_000)
  return `${minutes > 0 ? `${minutes}m` : ''}${(milliseconds % 60_000) / 1000}s`
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
