/**
 * Rings when something takes longer than it may, again and again: one timer for all the waits of one kind.
 *
 * `time` in milliseconds; 0 never rings. A stopped alarm leaves its timer running, for the next start to set back:
 * a kept connection would else make a timer and clear it for every request.
 */
export class Alarm {
  readonly #time: number
  readonly #ring: () => void
  #timer: NodeJS.Timeout | undefined
  #on: boolean = false

  constructor(time: number, ring: () => void) {
    this.#time = time
    this.#ring = ring
  }

  /** From now on it counts. */
  start(): void {
    this.#on = true
    if (this.#timer) this.#timer.refresh()
    else if (this.#time > 0) this.#timer = setTimeout(onTime, this.#time, this)
  }

  /** What was waited for is here. */
  stop(): void {
    this.#on = false
  }

  /** For good: the timer is gone. */
  cancel(): void {
    this.#on = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** The time is over. */
  end(): void {
    if (this.#on) this.#ring()
  }
}

function onTime(alarm: Alarm): void {
  alarm.end()
}
