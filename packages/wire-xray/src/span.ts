/** Up is client to server, down is server to client. */
export type Direction = 'up' | 'down'

/** Which grammar a byte belongs to: the innermost one that can be read. */
export type Layer = 'http' | 'chunked' | 'sse' | 'llm' | 'body'

/** A stretch of one direction's stream: byte offsets from its first byte, end exclusive. */
export type ByteRange = readonly [start: number, end: number]

/**
 * A run of bytes that play one part in one grammar. The spans of a direction partition its stream: each starts where
 * the one before it ended.
 */
export interface Span {
  readonly direction: Direction
  /** Offset of the first byte in this direction's stream. */
  readonly start: number
  /** Offset behind the last byte. */
  readonly end: number
  readonly layer: Layer
  /** The grammar's own word for it: `field-name`, `chunk-size`, `end-of-line`. The whole list is {@link ELEMENTS}. */
  readonly element: string
}

/** What became clear with some byte, and which bytes it took to say it: an event that crossed chunks has several ranges. */
export interface Finding {
  readonly direction: Direction
  readonly layer: Layer
  readonly kind: FindingKind
  /** One line for people. */
  readonly summary: string
  /** The stable code of the error, when `kind` is `error`. */
  readonly code?: string
  readonly bytes: readonly ByteRange[]
}

export type FindingKind =
  | 'head' // a request or final response head (http)
  | 'interim' // a 1xx response on the way to the final one (http)
  | 'chunk' // one chunk, its framing included (chunked)
  | 'last-chunk' // the chunk of size zero (chunked)
  | 'trailers' // the trailer section (chunked)
  | 'event' // a dispatched event (sse)
  | 'comment' // a comment line, as heartbeats are (sse)
  | 'retry' // the server sets the reconnection time (sse)
  | 'delta' // text a model added to its answer (llm)
  | 'opaque' // content this side of the x-ray does not look into: compressed, or a tunnel (body)
  | 'unfinished' // an event the stream ended in: it is never dispatched (sse)
  | 'error' // from here on the stream is unreadable, or it ended inside a message (any layer)

/** Adds one more byte to ranges that grow from left to right. */
export function addByte(ranges: [start: number, end: number][], offset: number): void {
  const last = ranges.at(-1)
  if (last?.[1] === offset) last[1]++
  else ranges.push([offset, offset + 1])
}
