import { FAILURES } from './failures.ts'
import type { Refusal } from './refusal.ts'
import type { Exchange } from './wire-format.ts'

/** The error body of all that OpenAI serves. */
export function openaiError({ message, param, code, failure, status }: Refusal): { readonly error: object } {
  const known = failure && FAILURES[failure].openai
  const type = known?.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error')
  return { error: { message, type, param: param ?? null, code: code ?? known?.code ?? null } }
}

/** The fields of every answer of OpenAI's. */
export function openaiFields({ requestId, now, requests, tokens }: Exchange): Readonly<Record<string, string>> {
  return {
    'x-request-id': requestId,
    'openai-organization': 'simulator',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': `${requests.limit}`,
    'x-ratelimit-limit-tokens': `${tokens.limit}`,
    'x-ratelimit-remaining-requests': `${requests.remaining}`,
    'x-ratelimit-remaining-tokens': `${tokens.remaining}`,
    'x-ratelimit-reset-requests': duration(requests.reset - now),
    'x-ratelimit-reset-tokens': duration(tokens.reset - now),
  }
}

/** Milliseconds as this service writes them: `12ms`, `1.5s`, `6m0s`. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`
  const minutes = Math.floor(milliseconds / 60_000)
  return `${minutes > 0 ? `${minutes}m` : ''}${(milliseconds % 60_000) / 1000}s`
}
