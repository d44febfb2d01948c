import type { ByteRange, Direction, Layer } from './span.ts'

/** What became clear with some byte, and which bytes it took to say it. */
export interface Finding {
  readonly direction: Direction
  readonly layer: Layer
  readonly kind: FindingKind
  /** One line for people: printable, at most about 200 characters, without the query of a URL, where keys hide. */
  readonly summary: string
  /** In an `error`: the stable code, of the decoder that gave up or one of {@link XrayErrorCode}. */
  readonly code?: string
  /** The whole text that was found: of an event its data, of a delta what it adds to the answer, of a comment itself. */
  readonly text?: string
  /** The bytes that said it, in order. Whatever crossed chunks has several ranges: the framing is not part of it. */
  readonly bytes: readonly ByteRange[]
}

/** What a finding is about. */
export type FindingKind =
  | 'head' // http: a request, or a final response
  | 'interim' // http: a 1xx response on the way to the final one
  | 'chunk' // chunked: a chunk, its framing included
  | 'last-chunk' // chunked: the chunk of size zero, which ends the body
  | 'trailers' // chunked: the fields behind the last chunk
  | 'event' // sse: a dispatched event
  | 'comment' // sse: a comment line, as heartbeats are
  | 'retry' // sse: the server sets the reconnection time
  | 'unfinished' // sse: the stream ended inside an event, which is therefore never dispatched
  | 'delta' // llm: text a model added to its answer
  | 'opaque' // body: an event stream we cannot look into, because it is compressed
  | 'error' // any: the stream is unreadable from here on, or ended inside a message

/** Why the x-ray itself stops reading. Every other code is of the decoder that refused a byte. */
export type XrayErrorCode =
  | 'XRAY_TLS' // the bytes are encrypted
  | 'XRAY_HTTP2' // the client opened with the HTTP/2 preface
  | 'XRAY_NOT_HTTP' // the first byte cannot begin an HTTP/1 message
  | 'XRAY_TOO_MANY_UNANSWERED' // more requests without an answer than the x-ray remembers

/** What there is to say about a finding besides its direction. */
export type Found = Omit<Finding, 'direction'>
