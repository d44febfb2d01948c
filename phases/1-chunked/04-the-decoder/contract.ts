/**
 * Reads a chunked body (RFC 9112 §7.1).
 *
 * ```text
 * chunked-body = *chunk  last-chunk  trailer-section  CRLF
 *
 *   5;a=b \r\n  hello \r\n     a chunk: size in hexadecimal, an extension that you ignore, the data
 *   0 \r\n                     the last chunk: size 0, no data
 *   Done: yes \r\n             the trailer section: any number of lines, often none
 *   \r\n                       an empty line: only now is the body over
 * ```
 *
 * Reads come as TCP cuts them: a read may hold half a chunk, or three chunks and the head of a fourth.
 */
export type CreateChunkDecoder = () => ChunkDecoder

export interface ChunkDecoder {
  /**
   * Takes the next bytes of the stream, and returns the data in them: without sizes, extensions and trailers. Bytes behind the
   * end of the body are not part of it, and are ignored.
   *
   * @throws an Error with the code `Malformed` when the bytes are no chunked body
   */
  push(bytes: Uint8Array): Uint8Array[]
  /**
   * The stream has ended: nothing more will come.
   *
   * @throws an Error with the code `Truncated` when the body has not ended yet
   */
  end(): void
  /** Whether the whole body has come, the empty line at its end included. */
  readonly done: boolean
}
