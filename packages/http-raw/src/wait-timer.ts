import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'

/** A timer for waits of which there is one at a time, and which nearly always end before it does. */
export interface WaitTimer {
  /** `late` runs unless the wait is stopped within `time` milliseconds; 0 and Infinity are never. */
  start(time: number, late: () => void): void
  /** What was waited for is here. */
  stop(): void
  /** For good. */
  cancel(): void
}

/**
 * Starting and stopping only notes the time. The timer of Node behind it runs on, and when it ends finds out whether
 * somebody is late, and else how much longer to sleep: a kept connection has two waits a request, and would make and clear
 * a timer for each. (Where a quarter late does no harm, `Alarm` does not even ask for the time.)
 *
 * It does not keep the process alive: what is waited for does.
 */
export function createWaitTimer(): WaitTimer {
  let timer: NodeJS.Timeout | undefined
  let rings = Number.POSITIVE_INFINITY // when the timer ends
  let due = Number.POSITIVE_INFINITY // when the wait is too long
  let onLate: (() => void) | undefined

  function sleep(time: number): void {
    clearTimeout(timer)
    rings = due
    timer = setTimeout(look, Math.min(time, LONGEST_TIMER)).unref()
  }

  function look(): void {
    timer = undefined
    rings = Number.POSITIVE_INFINITY
    if (onLate === undefined) return
    const left = due - performance.now()
    if (left > 0) {
      sleep(left)
      return
    }
    const late = onLate
    onLate = undefined
    late()
  }

  return {
    start(time, late) {
      if (time === 0 || time === Number.POSITIVE_INFINITY) return
      onLate = late
      due = performance.now() + time
      if (due < rings) sleep(time)
    },
    stop() {
      onLate = undefined
    },
    cancel() {
      onLate = undefined
      clearTimeout(timer)
      timer = undefined
      rings = Number.POSITIVE_INFINITY
    },
  }
}
