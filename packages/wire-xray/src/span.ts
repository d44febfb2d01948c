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
  /** The grammar's own word for it: `field-name`, `chunk-size`, `end-of-line`. {@link ELEMENTS} lists and explains them. */
  readonly element: string
}
