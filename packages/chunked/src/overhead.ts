import { ChunkedError } from './errors.ts'

/** Counts what a peer sends beside the body: the grammar puts no bound to it, so we must. */
export interface Overhead {
  /** One more byte of it. Throws when that is one too many. */
  add(): void
}

/**
 * Over a whole body there may be `limit` bytes of overhead more than there is data, `body.size`: somebody who sends
 * nothing else is stopped, and an honest stream with a signature in each chunk may go on for ever.
 */
export function createOverhead(limit: number, body: { readonly size: number }): Overhead {
  let size = 0
  return {
    add() {
      if (++size <= limit + body.size) return
      const message = `chunk extensions exceed the body by more than ${limit} bytes`
      throw new ChunkedError('CHUNKED_TOO_MUCH_OVERHEAD', message, { status: 413 }) // RFC 9112 §7.1.1: "an appropriate 4xx"
    },
  }
}
