import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * A server for a page, and for the events that it shows (HTML §9.2).
 *
 * ```text
 * GET /                        200, text/html: the page, exercise.html
 *
 * GET /events                  200, text/event-stream
 *                                retry: 100 \n \n
 *                                event: tick \n  id: 1 \n  data: 1 of 3 \n  \n       after gapMs
 *                                event: tick \n  id: 2 \n  data: 2 of 3 \n  \n       gapMs later
 *                                …                                                   and then the end
 *
 * GET /events                  goes on with tick 3
 * Last-Event-ID: 2
 *
 * GET /events                  204: the client has them all
 * Last-Event-ID: 3
 *
 * anything else                404
 * ```
 *
 * When the client has left, it sends no more: no timer stays.
 */
export type Handler = (request: IncomingMessage, response: ServerResponse, ticks: Ticks) => void

export interface Ticks {
  /** How many there are. */
  readonly count: number
  /** Milliseconds from one to the next. */
  readonly gapMs: number
}
