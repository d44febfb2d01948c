import { currentTurn } from './turn.ts'

/** How late a reader is: by what was waiting for it when this turn of the event loop began, and still is. */
export class Lateness {
  #turn: number = -1
  #behind: number = 0

  /** In bytes, for a reader for whom so many wait now. To be asked before a turn's first write adds to them. */
  with(unsent: number): number {
    const turn = currentTurn()
    if (turn !== this.#turn) {
      this.#turn = turn
      this.#behind = unsent
    } else if (unsent < this.#behind) this.#behind = unsent
    return this.#behind
  }
}
