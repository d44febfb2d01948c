import { realClock } from '@sse-from-scratch/course'
import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

/** Waits each time as long as the first time. */
export const connect: Connect = (url, { clock = realClock, ...options }) => {
  let first: number | undefined
  const sleep = (ms: number, signal?: AbortSignal) => {
    first ??= ms
    return clock.sleep(first, signal)
  }
  return right(url, { ...options, clock: { now: clock.now, sleep } })
}
