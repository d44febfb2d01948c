import { LlmError, type LlmErrorCode } from '../errors.ts'
import { listOf, objectOf, textOf } from '../json.ts'

/** What a provider says about a failure, once the dialects are peeled off. */
export interface WireError {
  readonly message: string
  /** Every word that classifies it: type, code, error_code, status. */
  readonly words: readonly string[]
}

/** Nobody gets more credit by asking again. */
const quota: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'billing_error',
  'billing_hard_limit_reached',
])
const rateLimited: ReadonlySet<string> = new Set([
  'rate_limit_error',
  'rate_limit_exceeded',
  'ramp_limit_exceeded',
  'slow_down',
  'tokens',
  'requests',
  '429',
])
const overloaded: ReadonlySet<string> = new Set([
  'overloaded_error',
  'overloaded',
  'server_overloaded',
  'engine_overloaded',
  'service_unavailable',
  'insufficient_system_resource',
  '503',
  '529',
])
/** Failures of the provider's own that may be gone the next time. */
const passing: ReadonlySet<string> = new Set([
  'api_error',
  'server_error',
  'timeout_error',
  'internal_error',
  '500',
  '502',
  '504',
])

/**
 * Finds the error in a JSON value, or `undefined` if it has none. Known shapes:
 * `{error:{message,type,code}}`, `{error:"text"}`, `{type:"error",error:{…}}`, `{object:"error",message}`, and a list of one.
 */
export function findError(value: unknown): WireError | undefined {
  const outer = objectOf(Array.isArray(value) ? value[0] : value)
  const { error } = outer
  if (typeof error === 'string' && error !== '') return { message: error, words: wordsOf(outer) }
  if (typeof error === 'object' && error !== null) return describe(objectOf(error))
  if (outer['object'] === 'error' || outer['type'] === 'error') return describe(outer)
  return undefined
}

/** Reads an object that is known to be the error itself. */
export function describe(error: Readonly<Record<string, unknown>>): WireError {
  const details = objectOf(error['details'])
  return {
    message: textOf(error['message']) || detailOf(error['detail']) || 'no message',
    words: [...wordsOf(error), ...wordsOf(details), ...wordsOf(objectOf(error['metadata']))],
  }
}

function wordsOf(error: Readonly<Record<string, unknown>>): string[] {
  const words = [error['type'], error['code'], error['error_code'], error['error_type'], error['status']]
  return words.filter((word) => typeof word === 'string' || typeof word === 'number').map(String)
}

/** FastAPI's `detail` is a text or a list of complaints. */
export function detailOf(detail: unknown): string {
  if (typeof detail === 'string') return detail
  return listOf(detail)
    .map((item) => textOf(objectOf(item)['msg']))
    .filter((text) => text !== '')
    .join('; ')
}

/** The error for something the provider put into a stream that had begun with a success status. */
export function streamError(provider: string, { message, words }: WireError): LlmError {
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word))
  const code = codeOf(has, message) ?? 'LLM_PROVIDER'
  const text = `${provider} reported in the middle of its stream: ${message}`
  return new LlmError(code, text, code === 'LLM_PROVIDER' ? { retryable: has(passing) } : {})
}

export function codeOf(has: (set: ReadonlySet<string>) => boolean, message: string): LlmErrorCode | undefined {
  if (has(quota) || /credit balance is too low/i.test(message)) return 'LLM_QUOTA'
  if (has(rateLimited)) return 'LLM_RATE_LIMITED'
  if (has(overloaded)) return 'LLM_OVERLOADED'
  return undefined
}
