import { SseError } from './errors.ts'

/**
 * The `error` event of an EventSource, which in a browser says nothing at all.
 *
 * With readyState CONNECTING the connection was lost and will be tried again; with CLOSED this is the end.
 */
export class EventSourceErrorEvent extends Event {
  /** The stable code of what went wrong, ours or the platform's; `SSE_ENDED` if the server ended the stream in good order. */
  readonly code: string
  /** For people. */
  readonly message: string
  /** The status of the answer, if an answer is what ended it; 204 is how a server says that there is no more. */
  readonly status: number | undefined
  readonly error: unknown

  constructor(error: unknown = new SseError('SSE_ENDED', 'the server ended the stream')) {
    super('error')
    this.error = error
    this.code = codeOf(error) ?? 'SSE_GAVE_UP'
    this.message = error instanceof Error ? error.message : String(error)
    this.status = error instanceof SseError ? error.status : undefined
  }
}

/** fetch hides its reason in the cause: the outermost code counts. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}
