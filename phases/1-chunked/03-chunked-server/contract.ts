import type { Socket } from 'node:net'

/**
 * Sends a body in the chunked transfer coding (RFC 9112 §7.1), while it is made.
 *
 * ```text
 * HTTP/1.1 200 OK \r\n               the head has been sent already
 * Transfer-Encoding: chunked \r\n
 * \r\n
 * 3 \r\n one \r\n                    you, as soon as the first piece is there: ONE write
 * 4 \r\n  two \r\n                   you, as soon as the second is there
 * 0 \r\n \r\n                        you, when there are no more pieces
 * ```
 *
 * The socket stays open: whoever gave it to you may send the next answer on it. An empty piece sends nothing. When the socket
 * says that it is full, it waits until it has drained, or is closed, before it asks for the next piece.
 *
 * @param socket a connection on which the head has been sent
 * @param pieces the body; you ask for the next piece when the last one has been written
 * @returns when all has been handed to the socket, or the socket is closed
 * @throws what `pieces` throws, unchanged, and without the last chunk: the client must see that something is missing
 */
export type SendChunked = (socket: Socket, pieces: AsyncIterable<Uint8Array>) => Promise<void>
