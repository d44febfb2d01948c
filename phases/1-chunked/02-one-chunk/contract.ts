/**
 * One chunk (RFC 9112 §7.1).
 *
 * ```text
 * chunk = chunk-size CRLF chunk-data CRLF
 *
 *   5 \r\n hello \r\n
 * ```
 *
 * @param data the bytes to send
 * @returns the bytes of the chunk; none at all for no data, because a chunk of size 0 ends the body
 */
export type EncodeChunk = (data: Uint8Array) => Uint8Array
