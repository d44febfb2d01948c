import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import { SseError } from './errors.ts'
import { essenceOf } from './media-type.ts'
import type { TransportResponse } from './transport.ts'

/** What an answer is judged by. */
export type AnswerHead = Pick<TransportResponse, 'status' | 'contentType' | 'header'>

/**
 * Fails the connection unless the answer is an event stream (HTML §9.2.3): status 200, and the type with any parameters.
 *
 * The charset is not looked at: an event stream is UTF-8 whatever it says.
 */
export function assertEventStream(head: AnswerHead): void {
  const { status, contentType } = head
  const seen = { status, ...(contentType !== null && { contentType }) }
  if (status !== 200) {
    const wait = retryAfter(head)
    const options = wait === undefined ? seen : { ...seen, retryAfter: wait }
    throw new SseError('SSE_BAD_STATUS', `expected status 200, got ${status}`, options)
  }
  if (essenceOf(contentType) !== 'text/event-stream') {
    throw new SseError('SSE_BAD_CONTENT_TYPE', `expected text/event-stream, got ${contentType ?? 'no type'}`, seen)
  }
}

/** `Retry-After = HTTP-date / delay-seconds` (RFC 9110 §10.2.3), as milliseconds from now. */
export function retryAfter({ header }: AnswerHead, now: number = Date.now()): number | undefined {
  const value = header?.('retry-after')?.trim()
  if (!value) return undefined
  if (/^[0-9]+$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_TIMER)
  const date = httpDate(value)
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), LONGEST_TIMER)
}

const TODAYS = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const OLD = /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const ANCIENT = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/** The three forms of a date that a recipient MUST accept (RFC 9110 §5.6.7), as milliseconds since 1970; or NaN. */
function httpDate(text: string): number {
  if (TODAYS.test(text) || OLD.test(text)) return Date.parse(text)
  return ANCIENT.test(text) ? Date.parse(`${text} GMT`) : Number.NaN
}
