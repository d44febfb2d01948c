import type { Delta } from '../02-openai-deltas/contract.ts'

export type { Delta } from '../02-openai-deltas/contract.ts'

/** Somebody who can be asked. How its wire looks is its own affair: what comes out is the one type of 3.2. */
export interface Provider {
  readonly name: string
  /** Asks, and hands out the answer as it comes. Throws when something goes wrong. Aborting the signal hangs up. */
  ask(prompt: string, signal: AbortSignal): AsyncIterable<Delta>
}

/** A delta, whose it is, and when it came. */
export interface Lap {
  /** The name of the provider. */
  readonly provider: string
  readonly delta: Delta
  /** Milliseconds from the question to this delta. */
  readonly ms: number
}

export interface RaceOptions {
  /** Milliseconds since some moment. Default: `performance.now`. */
  readonly now?: () => number
}

/**
 * Asks all providers the same, at once, and hands out what comes, whoever it is from.
 *
 * ```text
 *                 0 ms     120 ms     150 ms     170 ms
 * openai     ask ──┼───────────┼── The ───┼── sea ───┼──────────┤ end
 * anthropic  ask ──┼── The ────┼──────────┼──────────┼── sea ───┤ end
 *                      │           │          │           │
 * you                  ▼           ▼          ▼           ▼
 *          { provider: 'anthropic', delta: { kind: 'text', text: 'The' }, ms: 120 }
 *                      { provider: 'openai', delta: { kind: 'text', text: 'The' }, ms: 150 } …
 * ```
 *
 * Ends when all have ended. When the loop over it is left, nobody is left talking.
 *
 * @throws what the first provider that failed has thrown, when all others have ended
 */
export type Race = (prompt: string, providers: readonly Provider[], options?: RaceOptions) => AsyncIterable<Lap>
