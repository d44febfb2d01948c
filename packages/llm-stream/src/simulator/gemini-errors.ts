import { FAILURES } from './failures.ts'
import type { Refusal } from './refusal.ts'

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** The delay before the next try is in the body here, and in no field (google.rpc.RetryInfo). */
export function geminiError({ status, message, failure, fields }: Refusal): object {
  const name = failure ? FAILURES[failure].gemini.name : (CODES[status] ?? 'INVALID_ARGUMENT')
  const { 'Retry-After': after } = fields
  const seconds = Number(after) // NaN for a date, and where there is none
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` }
  return { error: { code: status, message, status: name, ...(seconds >= 0 && { details: [retry] }) } }
}
