/** One event about to be sent. Only the fields that are there are written. */
export interface SseEvent {
  /** The name of the event, in one line. Without one, the client calls it `message`. */
  readonly event?: string
  /** Any text, of any number of lines. Without data, the client hears no event. */
  readonly data?: string
  /** What a client that comes back says it heard last. One line. */
  readonly id?: string
  /** How many milliseconds the client waits before it comes back: a whole number, 0 or more. */
  readonly retry?: number
  /** Text that no client shows, of any number of lines: it only keeps the connection alive. */
  readonly comment?: string
}

/**
 * One event of an event stream (HTML §9.2.5, §9.2.6).
 *
 * ```text
 * : we are still here \n      comment: one line for each line of it
 * event: token \n             name, colon, one space, value
 * id: 7 \n
 * retry: 3000 \n
 * data: first line \n         data: one field for each line of it
 * data: second line \n
 * \n                          an empty line: now the client dispatches the event
 * ```
 *
 * A receiver takes the fields in any order. Here they stand in the order of the picture, so that bytes can be compared.
 *
 * @throws an Error for a line break (CR or LF) in `event` or `id`, for NUL in `id`, and for a `retry` that is no whole number
 */
export type EncodeEvent = (event: SseEvent) => string
