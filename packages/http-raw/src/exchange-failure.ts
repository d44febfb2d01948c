import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'

/** What went wrong. */
export interface ExchangeFailure {
  readonly error: unknown
  /** The client's doing: it broke the protocol, or is gone. Else it is our handler's. */
  readonly fromClient: boolean
}

/** What a handler is told of a client that is gone, in whatever it was doing. */
export function isLoss(error: unknown, { signal }: Connection): boolean {
  return signal.aborted && (error instanceof TcpError || error === signal.reason)
}
