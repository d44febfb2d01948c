import type { Fields } from './fields.ts'

/**
 * The body of a message being received. Read it once, whichever way: what has been read is not kept, so asking for it a
 * second time is a `TypeError`, as it is with fetch. (A request without a body has nothing to use up.)
 *
 * Pieces are views of what arrived; small ones that arrived in one read come joined. Where one piece ends
 * and the next begins has no meaning. A body that is cut short, broken or too slow rejects; it never just ends.
 */
export interface IncomingBody extends AsyncIterable<Uint8Array> {
  /** All of it. `HTTP_BODY_TOO_LARGE` if that is more than the limit `collectedSize`. */
  bytes(): Promise<Uint8Array>
  /** All of it, as UTF-8, with the same limit. */
  text(): Promise<string>
  /** All of it, as JSON (RFC 8259), with the same limit. `HTTP_BAD_JSON` if it is not: in a handler, that is a 400. */
  json(): Promise<unknown>
  /** Fields that came after the body (RFC 9110 §6.5); empty until it has been read to its end. */
  readonly trailers: Fields
}

/** What a second reader is told. */
export function alreadyRead(): TypeError {
  return new TypeError('the body has been read already, and what was read is not kept: keep what the first text() gave')
}
