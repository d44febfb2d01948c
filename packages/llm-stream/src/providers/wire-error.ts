import { LlmError, type LlmErrorCode } from '../errors.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import { readDuration } from '../rate-limit.ts'
import { shortened } from '../shortened.ts'
import { overloaded, passing, quota, rateLimited } from './error-words.ts'

/** What a provider says about a failure, once the dialects are peeled off. */
export interface WireError {
  readonly message: string
  /** Every word that classifies it: type, code, error_code, status. */
  readonly words: readonly string[]
  /** Milliseconds to wait, where the error itself says so (Gemini's RetryInfo). */
  readonly retryAfter?: number | undefined
}

/**
 * Finds the error in a JSON value, or `undefined` if it has none. Known shapes:
 * `{error:{message,type,code}}`, `{error:"text"}`, `{type:"error",error:{…}}`, `{object:"error",message}`, and a list of one.
 */
export function findError(value: unknown): WireError | undefined {
  const outer = objectOf(Array.isArray(value) ? value[0] : value)
  const { error } = outer
  if (typeof error === 'string' && error !== '') return { message: complaint(error), words: wordsOf(outer) }
  if (typeof error === 'object' && error !== null && Object.keys(error).length > 0) return describe(objectOf(error))
  if (outer['object'] === 'error' || outer['type'] === 'error') return describe(outer)
  return undefined
}

/** What an event says that is called `error`: if in no shape that is known, all of it. */
export function errorEvent(json: unknown, text: string): WireError {
  // Written anew, so that a key is spelled as it is and not as JSON may escape it: only then it is found, and taken out.
  return findError(json) ?? describe({ message: json === undefined ? text : JSON.stringify(json), ...objectOf(json) })
}

/** Reads an object that is known to be the error itself. */
export function describe(error: Readonly<Record<string, unknown>>): WireError {
  const details = objectOf(error['details'])
  return {
    message: complaint(messageIn(error) || wordsOf(error).join(' ') || 'no message'),
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

/** As much of what a provider says as an error repeats. */
export function complaint(message: string): string {
  return shortened(message, MAX_MESSAGE)
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

/** FastAPI's `detail` is a text or a list of complaints, each of which says where it is about: `["body","stream_options"]`. */
export function detailOf(detail: unknown): string {
  if (typeof detail === 'string') return detail
  return listOf(detail).map(objectOf).map(placedMessage).filter(Boolean).join('; ')
}

function placedMessage({ loc, msg }: JsonObject): string {
  const place = listOf(loc).join('.')
  const message = textOf(msg)
  return place === '' || message === '' ? message : `${place}: ${message}`
}

/** The error for something the provider put into a stream that had begun with a success status. */
export function streamError(provider: string, { message, words, retryAfter }: WireError): LlmError {
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word))
  const code = codeOf(has, message) ?? 'LLM_PROVIDER'
  const text = `${provider} reported in its answer: ${message}`
  return new LlmError(code, text, { retryAfter, retryable: code === 'LLM_PROVIDER' ? has(passing) : undefined })
}

export function codeOf(has: (set: ReadonlySet<string>) => boolean, message: string): LlmErrorCode | undefined {
  if (has(quota) || /credit balance is too low/i.test(message)) return 'LLM_QUOTA'
  if (has(rateLimited)) return 'LLM_RATE_LIMITED'
  if (has(overloaded)) return 'LLM_OVERLOADED'
  return undefined
}
