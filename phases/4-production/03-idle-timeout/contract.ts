import type { Clock } from '@sse-from-scratch/course'

/**
 * The same items, and an error when the source has been silent for `ms` milliseconds.
 *
 * ```text
 * source      a ────── b ───── : ──────────────────────
 *             │        │       │          ms          │
 * you get     a        b       :                      an Error with `code: 'IDLE'`
 * ```
 *
 * The time begins anew when you ask the source, and ends with its answer. While nobody asks you, no time goes by: a slow reader is
 * no silent source. Whoever wants heartbeats to count reads bytes or comments through this, not only events.
 *
 * The end of the source is the end, and its error is passed on. When it is silent for too long its `return()` is called, and not
 * waited for: who does not answer does not answer that, either. Whoever leaves with `break` ends the source, and no sleep is left.
 *
 * @param ms milliseconds that one wait may take
 * @param clock what you wait with: `clock.sleep(ms, signal)`
 */
export type WithIdleTimeout = <T>(source: AsyncIterable<T>, ms: number, clock: Clock) => AsyncIterable<T>
