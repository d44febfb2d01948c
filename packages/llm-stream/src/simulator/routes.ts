import type { Fields } from '@sse-from-scratch/http-raw'
import { anthropicMessages } from './anthropic-messages.ts'
import { openaiChat } from './openai-chat.ts'
import { Refusal } from './refusal.ts'
import type { WireFormat } from './wire-format.ts'

const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/v1/chat/completions', ['POST']],
  ['/v1/messages', ['POST']],
  ['/v1/models', ['GET', 'HEAD']],
])

/** Whose client is asking: Anthropic's always send their version field, and nobody else has `/v1/messages`. */
export function formatOf(path: string, fields: Fields): WireFormat {
  const anthropic = fields.has('anthropic-version') || /^\/v1\/messages(\/|$)/.test(path)
  return anthropic && path !== '/v1/chat/completions' ? anthropicMessages : openaiChat
}

/** 404 for a path nobody answers, 405 with Allow for the wrong method (RFC 9110 §15.5.6). */
export function checkRoute(path: string, method: string): void {
  const methods = METHODS.get(path)
  if (!methods) throw new Refusal(404, `There is nothing at ${method} ${path}.`, { code: 'unknown_url' })
  if (methods.includes(method)) return
  const fields = { Allow: methods.join(', ') }
  throw new Refusal(405, `${method} is not allowed on ${path}.`, { code: 'method_not_supported', fields })
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
