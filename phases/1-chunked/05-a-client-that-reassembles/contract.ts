/**
 * Asks for a URL on a raw socket, and gives the body piece by piece as it comes (RFC 9112 §7.1).
 *
 * ```text
 * you     GET /path?query HTTP/1.1 \r\n
 *         Host: 127.0.0.1:8080 \r\n
 *         Connection: close \r\n
 *         \r\n
 * server  HTTP/1.1 200 OK \r\n
 *         Transfer-Encoding: chunked \r\n
 *         \r\n
 *         5 \r\n hello \r\n                 you yield "hello", now
 *         0 \r\n \r\n                       you are done, and close the socket
 * ```
 *
 * Nothing is sent before the loop over it begins. Leaving the loop closes the socket.
 *
 * @param url `http://host:port/path?query`
 * @throws an Error with the code `NotChunked` for an answer whose Transfer-Encoding is not chunked
 * @throws an Error with the code `Truncated` when the connection ends before the last chunk
 */
export type GetChunked = (url: string) => AsyncIterable<Uint8Array>
