import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Random } from './random.ts'

export interface PaceOptions {
  /** 0 or Infinity: as fast as the reader reads. */
  readonly tokensPerSecond: number
  /** Milliseconds from the request to the first token. */
  readonly firstTokenDelay: number
  /** How far a pause may be from the average one, as a share of it: 0 is a metronome, 1 is from nothing to double. */
  readonly jitter: number
}

/** Milliseconds of lateness made good by hurrying. What a slow reader cost beyond that is lost, not sent in a burst. */
const CATCH_UP = 50
/** Flat out, this many tokens go before anybody else in the process gets a turn. */
const FLAT_OUT_RUN = 32

/** Returns a function that resolves when the next token is due, and rejects when `signal` aborts. */
export function createPace(options: PaceOptions, random: Random, signal: AbortSignal): () => Promise<void> {
  const { tokensPerSecond, firstTokenDelay, jitter } = options
  const interval = tokensPerSecond === 0 ? 0 : 1000 / tokensPerSecond // 1000 / Infinity is 0 too
  let due = performance.now() + firstTokenDelay
  let count = 0

  // By due times, not by pauses: a timer is always a little late, and lateness would add up.
  return async () => {
    const now = performance.now()
    if (due > now) await setTimeout(due - now, undefined, { signal })
    else if (++count % FLAT_OUT_RUN === 0) await setImmediate(undefined, { signal })
    signal.throwIfAborted()
    const pause = interval * (1 + jitter * (2 * random() - 1))
    due = Math.max(due + pause, performance.now() - CATCH_UP)
  }
}
