import { realClock } from '@sse-from-scratch/course'
import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

/** What it has once waited, it always waits. */
export const connect: Connect = (url, { clock = realClock, ...options }) => {
  let longest = 0
  const sleep = (ms: number, signal?: AbortSignal) => {
    longest = Math.max(longest, ms)
    return clock.sleep(longest, signal)
  }
  return right(url, { ...options, clock: { now: clock.now, sleep } })
}
