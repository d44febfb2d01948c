/** What {@link stopHeartbeat} stops; `undefined` if there was none to start. */
export type Heartbeat = ReturnType<typeof setInterval> | undefined

/** Calls `beat` with `whose` every so many milliseconds until stopped; 0 is never. */
export function startHeartbeat<Owner>(milliseconds: number, beat: (whose: Owner) => void, whose: Owner): Heartbeat {
  if (milliseconds === 0) return undefined
  const timer = setInterval(beat, milliseconds, whose)
  letGo(timer)
  return timer
}

export function stopHeartbeat(heartbeat: Heartbeat): void {
  clearInterval(heartbeat)
}

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
function letGo(timer: { unref?: () => unknown }): void {
  timer.unref?.()
}
