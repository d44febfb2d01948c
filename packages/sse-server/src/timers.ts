/** The same promise, and a call to `late` if it takes longer than that; 0 waits for ever. */
export function withDeadline<Value>(wait: Promise<Value>, milliseconds: number, late: () => void): Promise<Value> {
  if (milliseconds === 0) return wait
  const timer = setTimeout(late, milliseconds)
  letGo(timer)
  return wait.finally(() => clearTimeout(timer))
}

/**
 * A timer of ours never keeps a process alive: as long as there is a client, its socket does.
 *
 * Only Node's timers know the word. Elsewhere they are numbers, and there is no process to end.
 */
export function letGo(timer: { unref?: () => unknown }): void {
  timer.unref?.()
}
