import type { Fields, IncomingRequest } from '@sse-from-scratch/http-raw'
import { anthropicMessages } from './anthropic-messages.ts'
import { gemini, geminiArray } from './gemini.ts'
import { ollamaChat, ollamaGenerate } from './ollama.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import { Refusal } from './refusal.ts'
import type { Target, WireFormat } from './wire-format.ts'

/** What there is to do at a path: answer, list the models, show a response again, or the rest of a stream. */
export type Action = 'answer' | 'models' | 'response' | 'rest'

interface Place {
  readonly path: RegExp
  readonly methods: readonly string[]
  readonly action: Action
}

const READ = ['GET', 'HEAD']

const PLACES: readonly Place[] = [
  { path: /^\/v1\/(?:chat\/completions|responses|messages)$/, methods: ['POST'], action: 'answer' },
  {
    path: /^\/v1(?:beta)?\/(?:models\/)?(?<model>.+):(?<method>generateContent|streamGenerateContent)$/,
    methods: ['POST'],
    action: 'answer',
  },
  { path: /^\/api\/(?:chat|generate)$/, methods: ['POST'], action: 'answer' },
  { path: /^\/(?:v1\/models|v1beta\/models|api\/tags)$/, methods: READ, action: 'models' },
  { path: /^\/v1\/responses\/(?<id>[^/]+)$/, methods: ['GET'], action: 'response' },
  { path: /^\/v1\/stream$/, methods: ['GET'], action: 'rest' },
]

/** Where a request leads. */
export interface Route {
  readonly action: Action
  readonly target: Target
  /** Of the response that is asked for again. */
  readonly id: string | undefined
}

/** The two halves of a request target (RFC 9110 §4.2.2). */
export function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const [path = ''] = target.split('?', 1)
  return { path, query: new URLSearchParams(target.slice(path.length)) }
}

/** Whose client is asking: the paths tell, and Anthropic's clients always send their version field. */
export function formatOf(path: string, query: URLSearchParams, fields: Fields): WireFormat {
  if (path === '/api/generate') return ollamaGenerate
  if (path.startsWith('/api/')) return ollamaChat
  if (path.startsWith('/v1beta/') || path.endsWith('enerateContent')) {
    return path.endsWith(':streamGenerateContent') && query.get('alt') !== 'sse' ? geminiArray : gemini
  }
  if (/^\/v1\/responses(\/|$)/.test(path)) return openaiResponses
  const anthropic = fields.has('anthropic-version') || /^\/v1\/messages(\/|$)/.test(path)
  return anthropic && path !== '/v1/chat/completions' ? anthropicMessages : openaiChat
}

/** 404 for a path nobody answers, 405 with Allow for the wrong method (RFC 9110 §15.5.6). */
export function routeOf({ method }: IncomingRequest, path: string, query: URLSearchParams): Route {
  const place = PLACES.find((each) => each.path.test(path))
  if (!place) throw new Refusal(404, `There is nothing at ${method} ${path}.`, { code: 'unknown_url' })
  if (!place.methods.includes(method)) {
    const fields = { Allow: place.methods.join(', ') }
    throw new Refusal(405, `${method} is not allowed on ${path}.`, { code: 'method_not_supported', fields })
  }
  const { model, method: verb, id } = place.path.exec(path)?.groups ?? {}
  const stream = verb === undefined ? undefined : verb === 'streamGenerateContent'
  return { action: place.action, id, target: { query, model: model && decoded(model), stream } }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal(400, 'The path is not percent-encoded UTF-8.')
  }
}

/** 401 unless the key is the one expected. Neither key is ever part of the message. */
export function checkKey(key: string | undefined, expected: string | undefined): void {
  if (expected === undefined || key === expected) return
  const fields = { 'WWW-Authenticate': 'Bearer' } // RFC 9110 §15.5.2 wants a challenge
  if (key === undefined) throw new Refusal(401, 'The request has no API key.', { fields })
  throw new Refusal(401, 'The API key is not the one this server expects.', { code: 'invalid_api_key', fields })
}

/** 400 for a message without the version of the API it is written for. */
export function checkVersion(path: string, fields: Fields): void {
  if (path !== '/v1/messages' || fields.has('anthropic-version')) return
  throw new Refusal(400, 'anthropic-version: header is required')
}
