import { setImmediate, setTimeout } from 'node:timers/promises'
import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import type { Random } from './random.ts'

export interface PaceOptions {
  /** 0 or Infinity: as fast as the reader reads. */
  readonly tokensPerSecond: number
  /** Milliseconds from the request to the first token. */
  readonly firstTokenDelay: number
  /** How far a pause may be from the average one, as a share of it: 0 is a metronome, 1 is from nothing to double. */
  readonly jitter: number
}

/** Time, as the pace of tokens sees it: in milliseconds, from any beginning. */
export interface Clock {
  now(): number
  /** Resolves after `ms`, or after everybody else had a turn if that is 0; rejects when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Resolves after `ms`, or after everybody else had a turn if that is 0; rejects when `signal` aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return ms > 0 ? setTimeout(Math.min(ms, LONGEST_TIMER), undefined, { signal }) : setImmediate(undefined, { signal })
}

/** The time there is: `performance.now()`, and timers of Node. */
export const systemClock: Clock = { now: () => performance.now(), sleep }

/** Milliseconds of lateness that are made good by hurrying. What a slow reader cost beyond that is lost. */
const CATCH_UP = 50
/** Without pauses, this many tokens go before anybody else in the process has a turn. */
const RUN = 32

/** Returns a function that resolves when the next token is due, and rejects when `signal` aborts. */
export function createPace(
  { tokensPerSecond, firstTokenDelay, jitter }: PaceOptions,
  random: Random,
  signal: AbortSignal,
  clock: Clock = systemClock,
): () => Promise<void> {
  const interval = tokensPerSecond === 0 ? 0 : 1000 / tokensPerSecond // 1000 / Infinity is 0 too
  let due = clock.now() + firstTokenDelay
  let run = 0

  // By due times, not by pauses: a timer is always a little late, and lateness would add up.
  return async () => {
    signal.throwIfAborted()
    const early = due - clock.now()
    run = early > 0 ? 0 : (run + 1) % RUN
    if (early > 0 || run === 0) await clock.sleep(Math.max(early, 0), signal)
    const pause = interval * (1 + jitter * (2 * random() - 1))
    due = Math.max(due + pause, clock.now() - CATCH_UP)
  }
}
