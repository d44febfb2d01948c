import type { Head } from './heads.ts'
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
  /** Of a `head` or an `interim`: the whole of it, credentials as stars. */
  readonly head?: Head
  /** Of an event: its type, `message` where the stream names none. */
  readonly type?: string
  /** Of an event: the last event ID behind it, where there is one. */
  readonly id?: string
  /** Of a delta whose wire format is known: which part of the answer it adds to. */
  readonly part?: 'text' | 'reasoning' | 'refusal' | 'arguments'
  /** The bytes that said it, in order. Whatever crossed chunks has several ranges: the framing is not part of it. */
  readonly bytes: readonly ByteRange[]
  /** Which exchange of the connection, counted from 0: the request and the response of one number belong together. */
  readonly exchange: number
  /** Which of its kind in its message, counted from 0. */
  readonly no: number
  /** What carried it, one floor below: the chunks of an event, the event of a delta, the head of what has no chunks. */
  readonly parent?: Parent
  /** Of what is in a body: the same bytes in the content, which has no framing. */
  readonly body?: ByteRange
  /**
   * Of what is in a compressed body: where it is in the decompressed content. `bytes` and `body` are then all that was
   * compressed in the reads that carried it: one byte of that is not a part of what is in it.
   */
  readonly plain?: ByteRange
}

/** Findings of the same message, by their kind and number. */
export interface Parent {
  readonly kind: FindingKind
  /** Number of the first. */
  readonly from: number
  /** Number of the last. */
  readonly to: number
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
  | 'line' // body: a line of JSON (NDJSON)
  | 'delta' // llm: text a model added to its answer
  | 'stop' // llm: why the model stopped
  | 'usage' // llm: what the answer cost so far
  | 'done' // llm: the provider's end mark
  | 'failure' // llm: the provider put an error into the stream
  | 'opaque' // body: an event stream we cannot look into, because it is compressed
  | 'error' // any: the stream is unreadable from here on, or ended inside a message

/** Why the x-ray itself stops reading. Every other code is of the decoder that refused a byte. */
export type XrayErrorCode =
  | 'XRAY_TLS' // the bytes are encrypted
  | 'XRAY_HTTP2' // the client opened with the HTTP/2 preface
  | 'XRAY_NOT_HTTP' // the first byte cannot begin an HTTP/1 message
  | 'XRAY_TOO_MANY_UNANSWERED' // more requests without an answer than the x-ray remembers

/** What there is to say about a finding besides which of them it is. */
export type Found = Omit<Finding, 'direction' | 'exchange' | 'no'>

/** What a head carries: its chunks, or what is in a body without any. */
export const IN_HEAD: Parent = { kind: 'head', from: 0, to: 0 }
