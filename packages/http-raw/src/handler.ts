import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { FieldsInit } from './fields.ts'
import type { RequestHead } from './head.ts'
import type { IncomingBody } from './incoming-body.ts'
import type { OutgoingBody } from './outgoing-body.ts'

/** A request as its handler sees it. */
export interface IncomingRequest extends RequestHead {
  /**
   * Reading it is what makes us answer `Expect: 100-continue` (RFC 9110 §10.1.1): read before you answer. Who answers
   * first has said no to the body, and a client that was waiting to be asked for it will not send it.
   */
  readonly body: IncomingBody
  /**
   * Aborts when the client is gone before it has been answered; its reason says how.
   *
   * The client's FIN alone is not that: it may close its side and still read (RFC 9112 §9.6). One that has closed both
   * answers our next bytes with RST, and the write after them fails: who streams learns by writing, heartbeats included.
   */
  readonly signal: AbortSignal
  readonly connection: Connection
}

/**
 * Answers a request. With `body`, sends all of it under a Content-Length;
 * without, returns an open body to write to, and to `end()`. Call it with a 1xx
 * status as often as you like before the final one.
 *
 * An open body is yours to end. Only a redirect, or another status from 300 on, is
 * ended for you when the handler returns and has written nothing.
 *
 * Rejects with a `TypeError` or `RangeError`, before any byte is sent, for fields, a body
 * or a status that HTTP has no place for, or when the request has been answered;
 * with a `TcpError` when the client is gone. 101, and a 2xx to CONNECT, end HTTP:
 * what the handler then does with `request.connection` is its own affair. 101 is
 * for who has offered an Upgrade, once its body has been read (RFC 9110 §7.8).
 */
export type Respond = (status: number, fields?: FieldsInit, body?: Uint8Array | string) => Promise<OutgoingBody>

/**
 * Answers one request, by calling `respond`. The exchange is over when it returns: inside a body, that cuts the
 * connection. What it throws becomes a 500 if nothing has been sent, and else cuts the connection.
 */
export type Handler = (request: IncomingRequest, respond: Respond) => Promise<void> | void
