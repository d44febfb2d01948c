import type { FieldsInit } from './fields.ts'
import type { SharedPiece } from './shared-piece.ts'

/** The body of a message being sent. */
export interface OutgoingBody extends AsyncDisposable {
  /**
   * Sends a piece; resolves when it is polite to send more.
   *
   * Rejects with a `TcpError` when the peer is gone, and with a `TypeError` after the end or past a Content-Length.
   */
  write(data: Uint8Array): Promise<void>
  /**
   * {@link write} for a piece that goes to many bodies: what it looks like on the wire is made once. Whoever publishes need not
   * await it, nor catch: a body that cannot take the piece is aborted, which {@link signal} tells.
   */
  writeShared(piece: SharedPiece): Promise<void>
  /** Sends the end of the body. Once it has been called, calling it again does nothing. */
  end(trailers?: FieldsInit): Promise<void>
  /** Gives up on the message, and on the connection with it: the peer must not mistake it for a whole one. */
  abort(reason?: unknown): void
  /** Bytes written that are still waiting in this process. */
  readonly unsent: number
  /** Aborts when the connection is gone before the message is over. */
  readonly signal: AbortSignal
  /** Aborts a body that has not been ended: leaving its scope by an exception must not look like an end. */
  [Symbol.asyncDispose](): Promise<void>
}
