const NOBODY: (() => void)[] = [] // never changed

/** A condition variable: those who wait for something look again each time that anything has changed. */
export class Condition {
  #waiting: (() => void)[] = NOBODY

  /** Resolves when `holds()` does: now, or at the first {@link changed} that finds it so. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#add(resolve))
  }

  changed(): void {
    if (this.#waiting === NOBODY) return
    const woken = this.#waiting
    this.#waiting = NOBODY
    for (const look of woken) look()
  }

  #add(look: () => void): void {
    if (this.#waiting === NOBODY) this.#waiting = []
    this.#waiting.push(look)
  }
}
