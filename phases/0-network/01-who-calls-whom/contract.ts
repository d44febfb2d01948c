import type { Socket } from 'node:net'

/** One end of a connection: which machine, and which door of it (a "socket" in the glossary of RFC 9293). */
export interface Endpoint {
  /** The IP address, as the system writes it: `127.0.0.1`, `::1`. */
  readonly address: string
  /** 1 to 65535. The server chose its port to be found there; the system chose the client's. */
  readonly port: number
}

/** Who a program is in a connection: `client` if it called, `server` if it was called. */
export type Side = 'client' | 'server'

/** A connection, seen from nowhere: it is the same whoever describes it. */
export interface Description {
  readonly client: Endpoint
  readonly server: Endpoint
}

/**
 * Says who called whom.
 *
 * ```text
 *   the client's program                        the server's program
 *   socket.localAddress   127.0.0.1  ◀────────▶  127.0.0.1   socket.remoteAddress
 *   socket.localPort          50001  ◀────────▶  50001       socket.remotePort
 *   socket.remoteAddress  127.0.0.1  ◀────────▶  127.0.0.1   socket.localAddress
 *   socket.remotePort          7007  ◀────────▶  7007        socket.localPort
 * ```
 *
 * @param socket one end of a connection
 * @param side which end it is. You know it (did you call `connect`, or did `listen` hand it to you?); the addresses do not say it
 * @throws Error with the code `ENOTCONN` when there is no connection: not yet, or because the call was refused
 */
export type DescribeConnection = (socket: Socket, side: Side) => Description
