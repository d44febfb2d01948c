import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { RequestHead } from './head.ts'
import type { IncomingBody } from './incoming-body.ts'
import type { Respond } from './respond.ts'

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
 * Answers one request, by calling `respond`. The exchange is over when it returns: inside a body, that cuts the
 * connection. What it throws becomes a 500 if nothing has been sent, and else cuts the connection.
 */
export type Handler = (request: IncomingRequest, respond: Respond) => Promise<void> | void
