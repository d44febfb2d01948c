import { LlmError, type LlmErrorCode } from '../errors.ts'
import { listOf, objectOf, parseJson, textOf } from '../json.ts'
import { type HeaderLookup, readRetryAfter } from '../rate-limit.ts'
import { redact } from '../secrets.ts'

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
function detailOf(detail: unknown): string {
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

function codeOf(has: (set: ReadonlySet<string>) => boolean, message: string): LlmErrorCode | undefined {
  if (has(quota) || /credit balance is too low/i.test(message)) return 'LLM_QUOTA'
  if (has(rateLimited)) return 'LLM_RATE_LIMITED'
  if (has(overloaded)) return 'LLM_OVERLOADED'
  return undefined
}

export interface StatusErrorContext {
  readonly provider: string
  /** What to check when the key is refused. */
  readonly keyName: string
  /** The key, if one was sent: some providers repeat it in their complaint. */
  readonly secrets: readonly string[]
  readonly header: HeaderLookup
}

/** The error for an answer with an error status, whatever its body is: JSON of some shape, a page, text, nothing. */
export function statusError(status: number, body: Uint8Array, context: StatusErrorContext): LlmError {
  const text = new TextDecoder().decode(body)
  const json = parseJson(text)
  const detail = detailOf(objectOf(json)['detail'])
  const wire = findError(json) ?? { message: detail || summaryOf(text), words: [] }
  const code = statusCodeOf(status, wire)
  return new LlmError(code, sentence(status, redact(wire.message, context.secrets), context), {
    status,
    retryable: retryable(status, code, context.header('x-should-retry')),
    retryAfter: readRetryAfter(context.header),
  })
}

function statusCodeOf(status: number, { words, message }: WireError): LlmErrorCode {
  if (status === 401 || status === 403) return 'LLM_STATUS'
  const named = codeOf((set) => words.some((word) => set.has(word)), message)
  if (status === 402 || named === 'LLM_QUOTA') return 'LLM_QUOTA'
  if (status === 429) return 'LLM_RATE_LIMITED'
  if (status === 503 || status === 529 || (status >= 500 && named === 'LLM_OVERLOADED')) return 'LLM_OVERLOADED'
  return 'LLM_STATUS'
}

function retryable(status: number, code: LlmErrorCode, verdict: string | undefined): boolean {
  if (code === 'LLM_QUOTA') return false // not even when told to: it has been seen, and it only costs time
  if (verdict === 'true' || verdict === 'false') return verdict === 'true'
  return status === 408 || status === 409 || status === 429 || status >= 500
}

function sentence(status: number, message: string, { provider, keyName, secrets }: StatusErrorContext): string {
  const said = message === '' ? `${provider} answered ${status}` : `${provider} answered ${status}: ${message}`
  if (status === 401 || status === 403)
    return `${said} (${secrets.length > 0 ? 'check' : 'no key was sent: set'} ${keyName})`
  if (status === 404 || status === 405) return `${said} (check the base URL and the model's name)`
  return said
}

/** A body that is not JSON, as a few words: a page's title, or its first line. */
function summaryOf(text: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]
  if (title !== undefined) return `a page titled ${JSON.stringify(title.trim())}`
  return text.trimStart().startsWith('<') ? 'a page, not JSON' : (text.trim().split('\n')[0] ?? '').slice(0, 200)
}
