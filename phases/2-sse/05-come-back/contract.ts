import type { Clock } from '@sse-from-scratch/course'
import type { ServerSentEvent } from '@sse-from-scratch/sse-client'

/**
 * An event stream that comes back by itself, and says what it has heard (HTML §9.2.3).
 *
 * ```text
 * you     GET /events                             readyState 0
 * server  200, text/event-stream                  readyState 1
 *         retry: 500
 *         id: 7
 *         data: seven
 *                                                 the event goes to onEvent
 *         the connection ends, or breaks          readyState 0
 *           you wait: 500 ms, and a bit more
 * you     GET /events
 *         Last-Event-ID: 7                        not there while the id is empty
 * server  200 …
 * ```
 *
 * How long you wait: the reconnection time, and a random part of what is between it and a most. It is 3000 ms, until a
 * `retry:` says something else.
 *
 * ```text
 * time + random() × (most − time)       most = time × 2, after a loss
 *                                       most = time × 2^n, when n connections in a row were never open
 *                                       most is never more than 30 000, or the time itself if that is longer
 * ```
 *
 * Any answer but status 200 with `text/event-stream` is the end: readyState 2. So is a loss, for any method but GET.
 *
 * @param url where the stream is
 */
export type Connect = (url: string, options: ConnectOptions) => Connection

export interface ConnectOptions {
  /** Hears each event. */
  readonly onEvent: (event: ServerSentEvent) => void
  /** Makes one request. Default: with `fetch`. */
  readonly open?: Open
  /** What you wait with. Default: the clock of the machine. */
  readonly clock?: Clock
  /** From 0 up to 1, as `Math.random`, which is the default. */
  readonly random?: () => number
  /** Default: GET. */
  readonly method?: string
  /** Ends it all, as `close()` does. */
  readonly signal?: AbortSignal
}

export interface Connection {
  /** Ends it all, at once: no event and no request comes after it. */
  close(): void
  /** 0: connecting, or waiting to connect. 1: open. 2: closed for good. */
  readonly readyState: 0 | 1 | 2
  /** The id of the last event; empty when there was none. */
  readonly lastEventId: string
}

/** One request for the stream. Resolves when the head of the answer is there; rejects when there is no answer. */
export type Open = (request: OpenRequest) => Promise<OpenAnswer>

export interface OpenRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Ends the request, wherever it is, and the body too. */
  readonly signal: AbortSignal
}

export interface OpenAnswer {
  readonly status: number
  /** The Content-Type, if there is one. */
  readonly type: string | undefined
  /** Ends when the server ends it; throws when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>
}
