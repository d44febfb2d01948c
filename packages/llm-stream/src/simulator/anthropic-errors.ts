import { FAILURES } from './failures.ts'
import type { Refusal } from './refusal.ts'

/** The error body of all that Anthropic serves. */
export function anthropicError({ status, message, failure }: Refusal, requestId: string): object {
  const known = failure && FAILURES[failure].anthropic
  const type = known?.type ?? ERROR_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
  const details = known?.errorCode === undefined ? {} : { details: { error_code: known.errorCode } }
  return { type: 'error', error: { type, message, ...details }, request_id: requestId }
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
