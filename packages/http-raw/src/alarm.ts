/** Rings when something takes longer than it may, again and again: one timer for all the waits of one kind. */
export interface Alarm {
  /** From now on it counts. */
  start(): void
  /** What was waited for is here. */
  stop(): void
  /** For good: the timer is gone. */
  cancel(): void
}

/**
 * `time` in milliseconds; 0 never rings. A stopped alarm leaves its timer running, for the next start to set back:
 * a kept connection would else make a timer and clear it for every request.
 */
export function createAlarm(time: number, ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined
  let on = false
  const onTime = () => {
    if (on) ring()
  }
  return {
    start() {
      on = true
      if (timer) timer.refresh()
      else if (time > 0) timer = setTimeout(onTime, time)
    },
    stop() {
      on = false
    },
    cancel() {
      on = false
      clearTimeout(timer)
    },
  }
}
