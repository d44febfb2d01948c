import { LlmError, type LlmErrorCode } from '../errors.ts'
import { type JsonObject, listOf, objectOf, parseJson, textOf } from '../json.ts'
import { pageIn } from '../page.ts'
import { type HeaderLookup, readRetryAfter } from '../rate-limit.ts'
import { redact } from '../secrets.ts'
import { shortened } from '../shortened.ts'
import { KEY_OPTION } from './request-checks.ts'
import { codeOf, complaint, detailOf, findError, type WireError } from './wire-error.ts'

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
  const wire = findError(json) ?? {
    message: complaint(messageOf(objectOf(json)) || pageIn(text) || firstLineOf(text)),
    words: [],
  }
  const code = statusCodeOf(status, wire)
  return new LlmError(code, sentence(status, code, wire, context), {
    status,
    retryable: retryable(status, code, context.header('x-should-retry')),
    retryAfter: delayIn(wire, context),
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

/** What the headers say, else what the error says itself. */
function delayIn({ retryAfter }: WireError, { header }: StatusErrorContext): number | undefined {
  return readRetryAfter(header) ?? retryAfter
}

/** The complaint in JSON that has no error: of FastAPI, of gateways, of Cloudflare. */
function messageOf({ detail, message, errors }: JsonObject): string {
  return detailOf(detail) || textOf(message) || textOf(objectOf(listOf(errors)[0])['message'])
}

function sentence(status: number, code: LlmErrorCode, wire: WireError, context: StatusErrorContext): string {
  const { provider, secrets } = context
  const { message } = wire
  const said = `${provider} answered ${status}${message === '' ? '' : `: ${redact(message, secrets)}`}`
  const advice = adviceFor(status, code, wire, context)
  return advice === undefined ? said : `${said} (${redact(advice, secrets)})`
}

function adviceFor(
  status: number,
  code: LlmErrorCode,
  wire: WireError,
  context: StatusErrorContext,
): string | undefined {
  const { keyName, secrets, header } = context
  if (status === 401 || status === 403)
    return secrets.length > 0 ? `check ${keyName}` : `no key was sent: ${howToSend(keyName)}`
  if (status === 404 || status === 405) return "check the base URL and the model's name"
  if (status >= 300 && status < 400) return redirectIn(header('location'))
  const wait = code === 'LLM_RATE_LIMITED' || code === 'LLM_OVERLOADED' ? delayIn(wire, context) : undefined
  return wait === undefined ? undefined : `try again in ${Math.ceil(wait / 1000)} s`
}

function howToSend(keyName: string): string {
  return keyName === KEY_OPTION ? `give ${keyName}, or take providerFromEnv()` : `set ${keyName}`
}

/** Where a redirect leads that was not followed, without its query: there may be a secret in it. */
function redirectIn(location: string | undefined): string {
  const target = location?.replace(/[?#].*/s, '').replace(/\/\/[^/]*@/, '//')
  return target ? `a redirect to ${target}, not followed: check the base URL` : 'a redirect to nowhere'
}

/** Characters of a body that is neither JSON nor a page. */
const MAX_LINE = 200

function firstLineOf(text: string): string {
  return shortened(text.trim().split('\n')[0] ?? '', MAX_LINE)
}
