/** A request, whole. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  /** In the order in which they came. Names in small letters. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** As many bytes as Content-Length says; none without it. */
  readonly body: Uint8Array
}

/** What is answered. */
export interface RawResponse {
  readonly status: number
  /** Without Content-Length and Connection: the server writes these. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  /** Default: nothing. A text leaves as UTF-8. */
  readonly body?: string | Uint8Array
}

/** Answers one request. What it throws becomes a 500. */
export type Handler = (request: RawRequest) => RawResponse | Promise<RawResponse>

/** A server that may be started once. */
export interface RawServer {
  /** Starts to listen on 127.0.0.1. @param port default 0: one that is free @returns the port */
  listen(port?: number): Promise<number>
  /** Stops, cuts the connections that are open, and resolves when they are gone. */
  close(): Promise<void>
}

/**
 * Makes an HTTP/1.1 server of TCP sockets.
 *
 * ```text
 * client                                            server
 *   ── GET /1 HTTP/1.1 CR LF Host: a CR LF CR LF ─▶
 *   ── GET /2 HTTP/1.1 CR LF Host: a CR LF CR LF ─▶   it need not wait for the first answer (pipelining, RFC 9112 §9.3.2)
 *   ◀───── HTTP/1.1 200 OK … Content-Length: 5 … ──   the answer to /1
 *   ◀───── HTTP/1.1 200 OK … Content-Length: 3 … ──   then the answer to /2, on the same connection
 * ```
 *
 * The connection stays open after an answer, unless the request says `Connection: close` or is HTTP/1.0 (RFC 9112 §9.3).
 * What is no request is answered with 400, and the connection is closed.
 */
export type CreateServer = (handler: Handler) => RawServer
