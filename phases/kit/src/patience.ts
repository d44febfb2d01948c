/** Milliseconds between two looks at the clock. */
const TICK = 10

/**
 * Calls `onEnd` when `ms` milliseconds have gone by in which this thread could do something.
 *
 * A machine that does much else, or stands still for a while, must not make a right answer late: so the time is counted in steps
 * of 10 ms, and one that comes late counts as one.
 *
 * @returns what ends it
 */
export function startPatience(ms: number, onEnd: () => void): () => void {
  let left = ms
  let timer: NodeJS.Timeout | undefined
  const next = () => {
    const step = Math.min(TICK, left)
    timer = setTimeout(() => {
      left -= step
      if (left > 0) next()
      else onEnd()
    }, step)
  }
  next()
  return () => clearTimeout(timer)
}
