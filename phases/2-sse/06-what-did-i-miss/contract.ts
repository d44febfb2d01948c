/**
 * What was sent lately, for clients that come back (HTML §9.2.4).
 *
 * ```text
 * add       one  two  three  four  five           createReplay(3)
 * kept                three  four  five           the last three
 *
 * since(id of four)    [five]
 * since(id of five)    []                         nothing was missed
 * since(id of one)     "gap"                      two is lost: say so
 * since("nobody's")    "gap"                      never ours: nobody knows what was missed
 * ```
 *
 * An id is a promise: it means one event, for ever, also when this process is gone and the next one counts from the start.
 * It goes out as a line and comes back as a header field: letters, digits and `-` are safe.
 *
 * @param limit how many events are kept; a whole number, 1 or more
 */
export type CreateReplay = (limit: number) => Replay

export interface Replay {
  /**
   * Keeps an event, and forgets the oldest when there are more than `limit`.
   *
   * @returns its id, which no other event has, here or in another replay
   */
  add(event: SseEvent): string
  /**
   * The events behind the one with this id, oldest first, each with its own id.
   *
   * "gap" when that cannot be known for sure: the event with this id has been forgotten, or was never here.
   */
  since(id: string): SentEvent[] | 'gap'
}

export interface SseEvent {
  readonly event?: string
  readonly data: string
}

/** An event with the id that the client will send back. */
export interface SentEvent extends SseEvent {
  readonly id: string
}
