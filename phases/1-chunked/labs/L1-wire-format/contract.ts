/**
 * What you found on the wire. Each answer is a function, so that one can be given before the others are known.
 *
 * ```text
 * 5 \r\n hello \r\n          a chunk: its size, CR LF, its data, CR LF
 * …
 * 0 \r\n \r\n                the terminator
 * ```
 */
export interface Answers {
  /** Each chunk-size as it stands on the wire, in hexadecimal, in order, the last one (`0`) included. */
  readonly sizes: () => readonly string[]
  /** The size in the second place, in decimal. */
  readonly secondInDecimal: () => number
  /** The bytes that end the body, from the last chunk-size on, in hexadecimal: `30 …`. */
  readonly terminator: () => string
  /** Bytes of data in all chunks together. */
  readonly dataBytes: () => number
  /** Bytes of framing: all sizes and all CR LF, also those of the terminator. */
  readonly framingBytes: () => number
  /** The server was given seven pieces, one of them empty. How many bytes stand for the empty one? */
  readonly bytesForTheEmptyPiece: () => number
}
