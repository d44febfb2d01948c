import { type EncodedEvent, encodeEvent } from './encode.ts'
import type { HeadOptions } from './headers.ts'
import { readLastEventId } from './last-event-id.ts'

/** How a session begins, and how it finds out that nobody listens any more. Times are milliseconds. */
export interface SessionOptions {
  /** The Last-Event-ID the client came with (HTML §9.2.4). Default: what its request says. */
  readonly lastEventId?: string
  /** The reconnection time to tell the client first, in milliseconds. Default: say nothing, browsers take about 3 s. */
  readonly retry?: number
  /**
   * Milliseconds between comments that keep the path open and find out when it is not; the first may come sooner.
   * Default 15 000; 0 for none.
   */
  readonly heartbeat?: number
  /**
   * Milliseconds one `send` or `end` may wait for the reader; then the session is aborted with `SSE_READER_STALLED`.
   * Default 60 000; 0 waits for ever.
   */
  readonly sendTimeout?: number
  /**
   * Bytes that may wait for the reader in this process. Who writes more without waiting, with `push` or with a `send`
   * that nobody awaits, aborts the session with `SSE_READER_TOO_SLOW`; the one event that goes past it is still taken.
   * What this turn has written counts: it is memory, whoever reads. A channel has its own, lower, for what it publishes. Default 16 MiB; Infinity for no limit.
   */
  readonly maxUnsent?: number
}

/** Options of those who also write the response head. */
export interface OpenOptions extends SessionOptions, HeadOptions {}

export interface SessionSettings {
  readonly lastEventId: string | undefined
  readonly opening: EncodedEvent | undefined
  readonly heartbeat: number
  readonly sendTimeout: number
  readonly maxUnsent: number
}

const SIXTEEN_MEBIBYTES = 16 * 1024 * 1024

/**
 * Fills in the defaults.
 *
 * @throws RangeError for a number no timer or client could use
 */
export function settingsOf(options: SessionOptions): SessionSettings {
  const { lastEventId, retry, heartbeat = 15_000, sendTimeout = 60_000, maxUnsent = SIXTEEN_MEBIBYTES } = options
  if (!(maxUnsent >= 0)) throw new RangeError(`maxUnsent must be a number of bytes, not ${maxUnsent}`)
  return {
    lastEventId: lastEventId === '' ? undefined : lastEventId,
    opening: retry === undefined ? undefined : encodeEvent({ retry }),
    heartbeat: timerMilliseconds('heartbeat', heartbeat),
    sendTimeout: timerMilliseconds('sendTimeout', sendTimeout),
    maxUnsent,
  }
}

/** The options for a request that came with this Last-Event-ID field. Checked here: no byte has been sent yet. */
export function optionsFor(field: string | null | undefined, options: SessionOptions): SessionOptions {
  settingsOf(options)
  const lastEventId = options.lastEventId ?? readLastEventId(field)
  return { ...options, ...(lastEventId !== undefined && { lastEventId }) }
}

const LONGEST_TIMER = 2 ** 31 - 1 // past that, setTimeout fires at once

/** @throws RangeError for a number of milliseconds that `setTimeout` would not wait */
export function timerMilliseconds(name: string, value: number): number {
  if (value >= 0 && value <= LONGEST_TIMER) return value
  throw new RangeError(`${name} must be between 0 and ${LONGEST_TIMER} ms, not ${value}`)
}
