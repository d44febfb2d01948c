import type { LlmError } from './errors.ts'
import { LONGEST_TIMER } from './longest-timer.ts'
import { checkTimeouts, type Timeouts, timeoutError, type Wait } from './timeouts.ts'

export interface Patience {
  /** Begins a limit, or begins it anew. */
  start(wait: Wait): void
  /** What it was for has happened. */
  stop(wait: Wait): void
  /** Waits for the provider: limits run down only here. One wait at a time. */
  during<T>(step: () => Promise<T>): Promise<T>
  /** Ends the wait under way, even if what it waits for never ends. */
  interrupt(error: LlmError): void
}

/**
 * Runs several limits down at once on a single timer.
 *
 * @throws RangeError for a limit that is not above 0
 */
export function createPatience(timeouts: Timeouts, onTimeout: (error: LlmError, wait: Wait) => void): Patience {
  const limits = checkTimeouts(timeouts)
  const left = new Map<Wait, number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let since: number | undefined // when the wait under way began; undefined between waits
  let interrupt: (error: LlmError) => void = () => {}

  function settle(): void {
    clearTimeout(timer)
    if (since === undefined) return
    const now = performance.now()
    for (const [wait, milliseconds] of left) left.set(wait, milliseconds - (now - since))
    since = now
  }

  function arm(): void {
    if (since === undefined) return
    const [next] = [...left].sort(([, a], [, b]) => a - b)
    if (!next || next[1] === Number.POSITIVE_INFINITY) return
    const [wait, milliseconds] = next
    timer = setTimeout(() => expire(wait), Math.min(Math.max(0, milliseconds), LONGEST_TIMER))
  }

  function expire(wait: Wait): void {
    settle()
    if ((left.get(wait) ?? 1) > 1)
      arm() // it was a timer's longest, not ours
    else onTimeout(timeoutError(wait, limits[wait]), wait)
  }

  function change(apply: () => void): void {
    settle()
    apply()
    arm()
  }

  return {
    start: (wait) => change(() => left.set(wait, limits[wait])),
    stop: (wait) => change(() => left.delete(wait)),
    async during(step) {
      since = performance.now()
      arm()
      try {
        return await new Promise((resolve, reject) => {
          interrupt = reject
          step().then(resolve, reject)
        })
      } finally {
        settle()
        since = undefined
      }
    },
    interrupt: (error) => interrupt(error),
  }
}
