import type { LlmError } from './errors.ts'

/** How often to ask again, and how long to wait in between. Nothing is asked again once a part of the answer has come. */
export interface RetryOptions {
  /** Requests in all; 1 is never to ask again. 3. */
  readonly attempts?: number
  /**
   * Milliseconds to wait at most before the next request. 30 000. A provider that asks for more than that is taken at its
   * word: the answer fails now, and its error's `retryAfter` says how long it would have been.
   */
  readonly maxDelay?: number
  /** Told before each wait. What it throws ends the answer: `LLM_ABORTED`, with what was thrown as the cause. */
  readonly onRetry?: (info: RetryInfo) => void
  /** A number from 0 to below 1, for the jitter. `Math.random`. */
  readonly random?: () => number
}

/** A request that failed, and when the next one leaves. */
export interface RetryInfo {
  /** Which request failed, counted from 1. */
  readonly attempt: number
  /** Milliseconds until the next one. */
  readonly delay: number
  readonly error: LlmError
}

/** Says how many milliseconds to wait after this failure, or `undefined` to leave it at that. */
export type RetryPolicy = (error: LlmError, attempt: number) => number | undefined

/** What backing off begins with, and the longest wait that doubling it leads to; milliseconds. */
const FIRST_DELAY = 500
const LONGEST_DELAY = 8000

/**
 * As long as the provider asks for; if it does not, twice as long each time, of which up to half is left out at random:
 * clients that were turned away at one moment do not come back at one moment.
 *
 * A POST is not repeated by itself (RFC 9110 §9.2.2). This one may be: asking a model twice costs, and changes nothing.
 *
 * @throws RangeError for a number that makes no sense
 */
export function createRetryPolicy({
  attempts = 3,
  maxDelay = 30_000,
  random = Math.random,
}: RetryOptions): RetryPolicy {
  if (!(attempts >= 1)) throw new RangeError(`retry.attempts must be 1 or more, not ${attempts}`)
  if (!(maxDelay >= 0)) throw new RangeError(`retry.maxDelay must be 0 or more, not ${maxDelay}`)
  return (error, attempt) => {
    if (!error.retryable || attempt >= attempts) return undefined
    if (error.retryAfter !== undefined) return error.retryAfter > maxDelay ? undefined : error.retryAfter
    const longest = Math.min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY, maxDelay)
    return longest * (1 - random() / 2)
  }
}
