/** A condition variable: those who wait for something look again each time that anything has changed. */
export interface Condition {
  /** Resolves when `holds()` does: now, or at the first {@link changed} that finds it so. */
  until(holds: () => boolean): Promise<void>
  changed(): void
}

export function createCondition(): Condition {
  let waiting: (() => void)[] = []
  return {
    async until(holds) {
      while (!holds()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    changed() {
      const woken = waiting
      waiting = []
      for (const look of woken) look()
    },
  }
}
