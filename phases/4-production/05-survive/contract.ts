import type { Clock } from '@sse-from-scratch/course'
import type { ServerSentEvent } from '@sse-from-scratch/sse-client'

/**
 * The events of a stream, each once, over as many connections as it takes.
 *
 * ```text
 * you     open, lastEventId ''
 * server  data: one
 *         id: 1
 *
 *         id: 2
 *         data: tw                 the connection breaks: half an event is no event
 *           you wait
 * you     open, lastEventId '1'    the last id of which you have seen the blank line
 * server  id: 2
 *         data: two
 *
 *         the connection ends      an end is no last word: you come back
 *           you wait
 * you     open, lastEventId '2'
 * server  204                      'over'
 * ```
 *
 * Connections that bring no event are counted, in a row; an event ends the row. After `tries` of them you give up. Else you wait:
 *
 * ```text
 * time × 2^n      time: 3000 ms, or what the last `retry:` says
 *                 n: how many connections in a row have brought no event (0, if the last one has)
 *                 never more than 30 000, or the time itself if that is longer
 * ```
 *
 * Whoever leaves you with `break` ends the connection: the signal aborts.
 *
 * @throws an Error with the code `GAVE_UP`, whose `cause` is what the last connection died of, if it did not just end
 */
export type Resilient = (open: Open, options: ResilientOptions) => AsyncIterable<ServerSentEvent>

export interface ResilientOptions {
  /** So many connections in a row may bring no event. */
  readonly tries: number
  /** What you wait with. */
  readonly clock: Clock
}

/**
 * Asks for the stream once. Resolves with its bytes, which end at FIN and throw when the connection breaks; or with `over`, when
 * the server says that there will be no more (204). Rejects when there is no connection.
 */
export type Open = (request: {
  /** Empty when there is none. */
  readonly lastEventId: string
  /** Ends the connection. */
  readonly signal: AbortSignal
}) => Promise<AsyncIterable<Uint8Array> | 'over'>
