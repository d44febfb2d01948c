import type { Clock } from '@sse-from-scratch/course'

/**
 * Sends the same body under each of three framings, over a real connection, and measures (RFC 9112 §6.3).
 *
 * ```text
 * content-length   the server makes all pieces, counts, then sends head and body
 * chunked          the server sends the head, and each piece when it is made
 * until-close      the server sends the head, and each piece when it is made; the end is the end of the connection
 * ```
 *
 * The server does not know how large a piece is before it has made it. It waits `gapMs` before each, with `clock.sleep`. The
 * client knows only what is on the wire. Times are differences of `clock.now()`.
 *
 * To see truncation, each framing is tried a second time: the server closes the connection before the last piece (under
 * Content-Length, before the last piece of what it has collected).
 *
 * @param sizes the bytes of each piece
 * @returns a row for each framing, in the order above
 */
export type Compare = (sizes: readonly number[], gapMs: number, clock: Clock) => Promise<readonly Row[]>

export interface Row {
  readonly framing: 'content-length' | 'chunked' | 'until-close'
  /** From the request to the first byte of the body. The head is no answer yet. */
  readonly firstByteMs: number
  /** From the request to the end of the body. */
  readonly totalMs: number
  /** Bytes behind the head: the body, and whatever the framing puts around it. */
  readonly wireBytes: number
  /** Whether the client could tell the cut body from a whole one. */
  readonly sawTruncation: boolean
}
