import type { Clock } from '@sse-from-scratch/course'

/** One event about to be sent: exercise 2.1 has its rules. With `comment` alone it is no event: no client shows it. */
export interface SseEvent {
  readonly event?: string
  readonly data?: string
  readonly id?: string
  readonly retry?: number
  readonly comment?: string
}

/**
 * The same events, with a comment wherever there was silence for `ms` milliseconds (HTML §9.2.7).
 *
 * ```text
 * events      a ─────────────────────────── b ── c
 *             │    ms    │    ms    │       │
 * what leaves a          :          :       b ── c       : is a comment, `{ comment: '' }`, on the wire ":\n\n"
 * ```
 *
 * The time begins anew with whatever leaves, an event or a comment. All events come, each once, in their order. When the source
 * ends or throws, so does this; whoever leaves it with `break` or `return` ends the source, and no sleep is left behind.
 *
 * @param events the source; it may be asked for its next event only when it has answered before
 * @param ms milliseconds of silence after which a comment is due
 * @param clock what you wait with: `clock.sleep(ms, signal)`
 */
export type WithHeartbeat = (events: AsyncIterable<SseEvent>, ms: number, clock: Clock) => AsyncIterable<SseEvent>
