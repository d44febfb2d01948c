import { readMessagesRequest } from './anthropic-ask.ts'
import type { Generation } from './generate.ts'
import { randomId } from './random.ts'
import type { Allowance } from './rate-limit.ts'
import { type Answer, type Frame, MODEL, MODEL_CREATED, type WireFormat } from './wire-format.ts'

/** Anthropic's Messages: events named by their type, from message_start to message_stop. */
export const anthropicMessages: WireFormat = {
  fields: ({ requestId, requests, tokens }) => ({
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    ...rateLimit('requests', requests),
    ...rateLimit('tokens', tokens),
  }),

  indexed: (name, i) => `${name}.${i}`,

  apiKey: (fields) => fields.get('x-api-key') ?? fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],

  refusal: ({ status, message }, requestId) => ({
    type: 'error',
    error: { type: ERROR_TYPES[status] ?? 'invalid_request_error', message },
    request_id: requestId,
  }),

  models: () => ({
    data: [
      {
        type: 'model',
        id: MODEL,
        display_name: 'Simulator',
        created_at: rfc3339(MODEL_CREATED * 1000),
        lifecycle: 'active',
        capabilities: null,
        deprecated_at: null,
        line: null,
        max_input_tokens: null,
        max_tokens: null,
        retires_at: null,
      },
    ],
    has_more: false,
    first_id: MODEL,
    last_id: MODEL,
  }),

  readAsk: readMessagesRequest,

  answerId: (random) => `msg_01${randomId(random, 22)}`,

  whole(answer) {
    const [choice] = answer.choices
    return {
      ...message(answer),
      content: [{ type: 'text', text: choice?.tokens.join('') ?? '', citations: null }],
      ...stopped(choice),
      usage: { ...usage(answer, choice?.tokens.length ?? 0), service_tier: 'standard' },
    }
  },

  *frames(answer) {
    const [choice] = answer.choices
    yield event('message_start', { message: message(answer) })
    yield event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
    yield event('ping', {})
    for (const text of choice?.tokens ?? []) {
      yield { ...event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }), holdsToken: true }
    }
    yield event('content_block_stop', { index: 0 })
    yield event('message_delta', {
      delta: { ...stopped(choice), container: null },
      usage: usage(answer, choice?.tokens.length ?? 0),
    })
    yield event('message_stop', {})
  },
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  404: 'not_found_error',
  413: 'request_too_large',
}

const STOP_REASONS = { end: 'end_turn', length: 'max_tokens', stop: 'stop_sequence' } as const

function event(type: string, rest: Readonly<Record<string, unknown>>): Frame {
  return { event: { event: type, data: JSON.stringify({ type, ...rest }) }, holdsToken: false }
}

/** The message as it is before its first token: some output is already counted, as the real service does. */
function message(answer: Answer): Readonly<Record<string, unknown>> {
  return {
    id: answer.id,
    type: 'message',
    role: 'assistant',
    model: answer.ask.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: { ...usage(answer, 1), service_tier: 'standard' },
  }
}

function stopped(choice: Generation | undefined): Readonly<Record<string, unknown>> {
  return {
    stop_reason: STOP_REASONS[choice?.reason ?? 'end'],
    stop_sequence: choice?.stopSequence ?? null,
    stop_details: null,
  }
}

/** Cumulative: the numbers of message_delta replace those of message_start. */
function usage({ promptTokens }: Answer, outputTokens: number): object {
  return {
    input_tokens: promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
    output_tokens_details: null,
    server_tool_use: null,
  }
}

function rateLimit(what: string, { limit, remaining, reset }: Allowance): Readonly<Record<string, string>> {
  return {
    [`anthropic-ratelimit-${what}-limit`]: `${limit}`,
    [`anthropic-ratelimit-${what}-remaining`]: `${remaining}`,
    [`anthropic-ratelimit-${what}-reset`]: rfc3339(reset),
  }
}

/** Whole seconds, in UTC (RFC 3339 §5.6). */
function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
