import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'
import { NoJson, type RequestBody } from './request-body.ts'
import type { Responder } from './respond.ts'

/** What went wrong. */
export interface ExchangeFailure {
  readonly error: unknown
  /** The client's doing: it broke the protocol, or is gone. Else it is our handler's. */
  readonly fromClient: boolean
}

/** What is wrong is what the client has sent, and not, say, what a server has that the handler has asked. */
export function isRefused(error: unknown, { request }: Responder, body: RequestBody | undefined): boolean {
  return request === undefined || error instanceof NoJson || body?.failure?.error === error
}

/** What a handler is told of a client that is gone, in whatever it was doing. */
export function isLoss(error: unknown, { signal }: Connection): boolean {
  return signal.aborted && (error instanceof TcpError || error === signal.reason)
}
