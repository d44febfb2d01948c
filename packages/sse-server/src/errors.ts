/** How a session can end. Stable: programs may switch on it. */
export type SessionErrorCode =
  | 'SSE_SESSION_ENDED' // we ended or aborted the session ourselves
  | 'SSE_CLIENT_GONE' // the client left, or never waited for a body
  | 'SSE_READER_TOO_SLOW' // a slow-consumer policy or `maxUnsent` hung up: too many bytes were waiting
  | 'SSE_READER_STALLED' // a send or an end waited longer than `sendTimeout`
  | 'SSE_HISTORY_FAILED' // the history could not say what the client has missed

/** Why a session is over: the reason of its `signal`, and what `send` rejects with from then on. `code` is stable. */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: SessionErrorCode

  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The client left. Keeps what the transport said about it as `cause`. */
export function clientGone(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause
  return new SessionError('SSE_CLIENT_GONE', 'the client is gone', { cause })
}

/** We are done with it ourselves. */
export function weEnded(how: string): SessionError {
  return new SessionError('SSE_SESSION_ENDED', how)
}

/** A promise of the sink has waited too long for this reader. */
export function readerStalled(milliseconds: number): SessionError {
  return new SessionError('SSE_READER_STALLED', `the reader took nothing for ${milliseconds} ms`)
}

/** Too many bytes wait for this reader. */
export function tooSlow(unsent: number): SessionError {
  return new SessionError('SSE_READER_TOO_SLOW', `the reader is ${unsent} bytes behind`)
}

/** The client comes back, and the history may answer then. */
export function historyFailed(cause: unknown): SessionError {
  return new SessionError('SSE_HISTORY_FAILED', 'the history could not be asked', { cause })
}
