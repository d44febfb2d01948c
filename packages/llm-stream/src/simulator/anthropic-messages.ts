import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { objectOf, parseJson } from '../json.ts'
import { readMessagesRequest } from './anthropic-ask.ts'
import { FAILURES } from './failures.ts'
import { eventFrame } from './framing.ts'
import { type Generation, type Part, tokensOf } from './generate.ts'
import { hash, randomId } from './random.ts'
import type { Allowance } from './rate-limit.ts'
import { type Answer, type Frame, MODEL, MODEL_CREATED, type WireFormat } from './wire-format.ts'

/** Anthropic's Messages: events named by their type, from message_start to message_stop. */
export const anthropicMessages: WireFormat = {
  service: 'anthropic',

  fields: ({ requestId, requests, tokens }) => ({
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    ...rateLimit('requests', requests),
    ...rateLimit('tokens', tokens),
  }),

  indexed: (name, i) => `${name}.${i}`,

  apiKey: (fields) => fields.get('x-api-key') ?? fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],

  refusal: ({ status, message, failure }, requestId) => {
    const known = failure && FAILURES[failure].anthropic
    const type = known?.type ?? ERROR_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
    const details = known?.errorCode === undefined ? {} : { details: { error_code: known.errorCode } }
    return { type: 'error', error: { type, message, ...details }, request_id: requestId }
  },

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
      content: blocksOf(choice).map(wholeBlock),
      ...stopped(choice),
      usage: { ...usage(answer, choice), service_tier: 'standard' },
    }
  },

  streamFields: EVENT_STREAM_HEADERS,

  *frames(answer) {
    const [choice] = answer.choices
    yield event('message_start', { message: message(answer) })
    for (const [index, part] of blocksOf(choice).entries()) {
      yield event('content_block_start', { index, content_block: emptyBlock(part) })
      if (index === 0) yield event('ping', {})
      for (const { delta, holdsToken } of deltasOf(part)) {
        yield event('content_block_delta', { index, delta }, { holdsToken })
      }
      yield event('content_block_stop', { index })
    }
    yield event('message_delta', {
      delta: { ...stopped(choice), container: null },
      usage: usage(answer, choice),
    })
    yield event('message_stop', {}, { last: true })
  },

  keepAlive: eventFrame({ event: 'ping', data: '{"type":"ping"}' }).bytes,

  failureFrame: (refusal, requestId) => {
    const data = JSON.stringify(anthropicMessages.refusal(refusal, requestId))
    return eventFrame({ event: 'error', data }).bytes
  },
}

/** An answer of no parts is one empty text. */
function blocksOf(choice: Generation | undefined): readonly Part[] {
  return choice && choice.parts.length > 0 ? choice.parts : [{ kind: 'text', tokens: [] }]
}

function emptyBlock(part: Part): object {
  if (part.kind === 'call') return { type: 'tool_use', id: callId(part.id), name: part.name, input: {} }
  return part.kind === 'reasoning' ? { type: 'thinking', thinking: '', signature: '' } : { type: 'text', text: '' }
}

function wholeBlock(part: Part): object {
  const text = part.tokens.join('')
  if (part.kind === 'reasoning') return { type: 'thinking', thinking: text, signature: signatureOf(part) }
  if (part.kind === 'call') return { ...emptyBlock(part), input: objectOf(parseJson(text)) } // {} where it was cut
  return { type: 'text', text, citations: null }
}

/** The end of a thought is signed, and the first piece of a tool's input is empty. */
function* deltasOf(part: Part): Iterable<{ readonly delta: object; readonly holdsToken: boolean }> {
  const { kind, tokens } = part
  if (kind === 'call') yield { delta: { type: 'input_json_delta', partial_json: '' }, holdsToken: false }
  for (const token of tokens) yield { delta: deltaOf(kind, token), holdsToken: true }
  if (kind === 'reasoning') {
    yield { delta: { type: 'signature_delta', signature: signatureOf(part) }, holdsToken: false }
  }
}

function deltaOf(kind: Part['kind'], token: string): object {
  if (kind === 'call') return { type: 'input_json_delta', partial_json: token }
  if (kind === 'reasoning') return { type: 'thinking_delta', thinking: token }
  return { type: 'text_delta', text: token }
}

/** Looks like one, and signs nothing. */
function signatureOf({ tokens }: Part): string {
  return btoa(`simulated-${hash(tokens.join(''))}`)
}

function callId(id: string): string {
  return `toolu_01${id.slice(2)}`
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  404: 'not_found_error',
  402: 'billing_error',
  403: 'permission_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

const STOP_REASONS = {
  end: 'end_turn',
  length: 'max_tokens',
  stop: 'stop_sequence',
  calls: 'tool_use',
  refusal: 'refusal',
  filter: 'refusal',
} as const

function event(type: string, rest: Readonly<Record<string, unknown>>, more?: Partial<Frame>): Frame {
  return eventFrame({ event: type, data: JSON.stringify({ type, ...rest }) }, more)
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
    usage: { ...usage(answer), service_tier: 'standard' },
  }
}

function stopped(choice: Generation | undefined): Readonly<Record<string, unknown>> {
  return {
    stop_reason: STOP_REASONS[choice?.reason ?? 'end'],
    stop_sequence: choice?.stopSequence ?? null,
    stop_details: null,
  }
}

/** Cumulative: the numbers of message_delta replace those of message_start, where there is no choice yet. */
function usage({ promptTokens }: Answer, choice?: Generation): object {
  const thought = choice ? tokensOf(choice, 'reasoning').length : 0
  return {
    input_tokens: promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: choice ? tokensOf(choice).length : 1,
    output_tokens_details: thought > 0 ? { thinking_tokens: thought } : null,
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
