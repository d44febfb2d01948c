import type { ReconnectPolicy } from './reconnect.ts'

/** The words of EventSource's readyState (HTML §9.2.2). */
export type ReadyState = 'connecting' | 'open' | 'closed'

/** What to ask for, when to come back, and how patient to be. Times are milliseconds. */
export interface EventStreamOptions {
  /** Default: GET. Another method is not repeated unless `reconnect` is given. */
  readonly method?: string
  /** Sent besides `Accept` and `Cache-Control`, or in their place. Values are text, sent as UTF-8. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The event to go on after, from an earlier stream. */
  readonly lastEventId?: string
  /** Bytes one event may have. Default 16 MiB. */
  readonly maxEventSize?: number
  /** Milliseconds without a byte, connecting or connected, after which a connection is lost; 0, the default, is for ever. */
  readonly idleTimeout?: number
  /** Asked after every loss. Default: `exponentialBackoff()` for GET, never for another method. */
  readonly reconnect?: ReconnectPolicy
  /** Hears every change after the first `connecting`; a loss comes with its error, if it had one. */
  readonly onStateChange?: (state: ReadyState, error?: unknown) => void
  /** Ends the stream: the loop throws the signal's reason, and the connection is closed in the same tick. */
  readonly signal?: AbortSignal
}
