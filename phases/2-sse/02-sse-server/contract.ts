/** One event about to be sent: exercise 2.1 has its rules. */
export interface SseEvent {
  readonly event?: string
  readonly data?: string
  readonly id?: string
  readonly retry?: number
}

/** One client that listens. */
export interface SseConnection {
  /**
   * Sends an event, at once and as one chunk. Does nothing when the client has gone.
   *
   * @throws an Error for an event that cannot be sent
   */
  send(event: SseEvent): void
  /** Ends the stream in good order, with the last chunk. Does nothing the second time. */
  end(): void
  /** Aborts when the stream is over, whoever ended it: the client, {@link end}, or the server when it closes. */
  readonly signal: AbortSignal
}

export interface SseServer {
  /** Listens on 127.0.0.1, and resolves with the port. 0, or nothing, is any port that is free. */
  listen(port?: number): Promise<number>
  /** Takes no more clients, ends all streams in good order, and resolves when all connections are closed. */
  close(): Promise<void>
}

/**
 * A server of event streams (HTML §9.2).
 *
 * ```text
 * client                                server
 * GET / HTTP/1.1 \r\n …        ──▶
 *                              ◀──      HTTP/1.1 200 OK \r\n
 *                                       Content-Type: text/event-stream \r\n
 *                                       Cache-Control: no-cache \r\n
 *                                       Transfer-Encoding: chunked \r\n \r\n     at once, before any event
 * (a pause)
 *                              ◀──      d \r\n data: hello \n\n \r\n              an event: one chunk
 * (the client goes away)                signal aborts
 * ```
 *
 * Whatever a client asks for, the answer is a stream.
 *
 * @param on hears each client that comes, when the head of its answer has been sent
 */
export type CreateSseServer = (on: (client: SseConnection) => void) => SseServer
