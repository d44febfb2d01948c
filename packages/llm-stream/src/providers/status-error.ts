import { LlmError, type LlmErrorCode } from '../errors.ts'
import { objectOf, parseJson } from '../json.ts'
import { type HeaderLookup, readRetryAfter } from '../rate-limit.ts'
import { redact } from '../secrets.ts'
import { codeOf, detailOf, findError, type WireError } from './wire-error.ts'

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
