/** How many times it looks at a wait before it rings. */
const LOOKS = 4

/**
 * Rings when something takes longer than it may, again and again: one timer for all the waits of one kind.
 *
 * `time` in milliseconds; 0 never rings. It looks four times in that time, and rings at the first look after it: not too
 * early, and a quarter late at most. So a request on a kept connection neither asks for the time, which is a hundredth of what
 * a small one costs, nor moves a timer. Where each wait has a time of its own, and must not be late, there is `WaitTimer`.
 */
export class Alarm {
  readonly #time: number
  readonly #ring: () => void
  #timer: NodeJS.Timeout | undefined
  #on: boolean = false
  #looks: number = 0 // since the start

  constructor(time: number, ring: () => void) {
    this.#time = time
    this.#ring = ring
  }

  /** From now on it counts. */
  start(): void {
    this.#on = true
    this.#looks = 0
    if (this.#timer === undefined && this.#time > 0) this.#timer = setInterval(look, this.#time / LOOKS, this)
  }

  /** What was waited for is here. The timer goes on for a while: the next start may be near. */
  stop(): void {
    this.#on = false
  }

  /** For good: the timer is gone. */
  cancel(): void {
    this.#on = false
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  look(): void {
    this.#looks++
    if (this.#looks <= LOOKS) return
    const late = this.#on
    this.cancel()
    if (late) this.#ring()
  }
}

function look(alarm: Alarm): void {
  alarm.look()
}
