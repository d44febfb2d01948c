import { LlmError, type LlmErrorCode } from '../errors.ts'
import { listOf, objectOf, textOf } from '../json.ts'
import { readDuration } from '../rate-limit.ts'

/** What a provider says about a failure, once the dialects are peeled off. */
export interface WireError {
  readonly message: string
  /** Every word that classifies it: type, code, error_code, status. */
  readonly words: readonly string[]
  /** Milliseconds to wait, where the error itself says so (Gemini's RetryInfo). */
  readonly retryAfter?: number | undefined
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
  'exceeded_current_quota_error', // Moonshot
  'insufficient_balance',
  'insufficient_credits',
  '402',
])
const rateLimited: ReadonlySet<string> = new Set([
  'rate_limit_error',
  'rate_limit_exceeded',
  'ramp_limit_exceeded',
  'slow_down',
  'tokens',
  'requests',
  'RESOURCE_EXHAUSTED', // Gemini
  '429',
])
const overloaded: ReadonlySet<string> = new Set([
  'overloaded_error',
  'overloaded',
  'server_overloaded',
  'engine_overloaded',
  'engine_overloaded_error',
  'service_unavailable',
  'insufficient_system_resource',
  'UNAVAILABLE', // Gemini
  '503',
  '529',
])
/** Failures of the provider's own that may be gone the next time. */
const passing: ReadonlySet<string> = new Set([
  'api_error',
  'server_error',
  'timeout_error',
  'internal_error',
  'internal_server_error',
  'INTERNAL', // Gemini
  'DEADLINE_EXCEEDED',
  '408',
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
  if (typeof error === 'object' && error !== null && Object.keys(error).length > 0) return describe(objectOf(error))
  if (outer['object'] === 'error' || outer['type'] === 'error') return describe(outer)
  return undefined
}

/** Reads an object that is known to be the error itself. */
export function describe(error: Readonly<Record<string, unknown>>): WireError {
  const details = objectOf(error['details'])
  return {
    message: shortened(messageIn(error) || 'no message'),
    words: [...wordsOf(error), ...wordsOf(details), ...wordsOf(objectOf(error['metadata']))],
    retryAfter: retryDelayIn(error['details']),
  }
}

/** Mistral puts FastAPI's list into its message. */
function messageIn({ message, detail }: Readonly<Record<string, unknown>>): string {
  return textOf(message) || detailOf(objectOf(message)['detail']) || detailOf(detail)
}

/** Characters of a provider's message that an error repeats. */
const MAX_MESSAGE = 2000

export function shortened(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
}

/** Gemini: `details` is a list, and one of its items a `google.rpc.RetryInfo`. */
function retryDelayIn(details: unknown): number | undefined {
  return listOf(details)
    .map((detail) => readDuration(objectOf(detail)['retryDelay']))
    .find((delay) => delay !== undefined)
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
export function streamError(provider: string, { message, words, retryAfter }: WireError): LlmError {
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word))
  const code = codeOf(has, message) ?? 'LLM_PROVIDER'
  const text = `${provider} reported in the middle of its stream: ${message}`
  return new LlmError(code, text, { retryAfter, retryable: code === 'LLM_PROVIDER' ? has(passing) : undefined })
}

export function codeOf(has: (set: ReadonlySet<string>) => boolean, message: string): LlmErrorCode | undefined {
  if (has(quota) || /credit balance is too low/i.test(message)) return 'LLM_QUOTA'
  if (has(rateLimited)) return 'LLM_RATE_LIMITED'
  if (has(overloaded)) return 'LLM_OVERLOADED'
  return undefined
}
