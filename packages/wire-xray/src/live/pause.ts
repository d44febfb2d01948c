/** Lines that wait while a view is paused. */
const MOST_HELD = 300

/** Lets lines through, or keeps them while it is paused. */
export interface Pause {
  readonly paused: boolean
  /** Lines that wait. */
  readonly held: number
  print(lines: readonly string[]): void
  toggle(): void
  goOn(): void
}

/** Of very many lines the first wait, and the others are counted. */
export function createPause(print: (line: string) => void): Pause {
  let held: string[] = []
  let missed = 0 // that were not even held
  let paused = false

  function goOn(): void {
    held.forEach(print)
    if (missed > 0) print(`… ${missed} lines more that came in the pause`)
    held = []
    missed = 0
    paused = false
  }

  return {
    get paused() {
      return paused
    },
    get held() {
      return held.length
    },
    print(lines) {
      if (!paused) lines.forEach(print)
      else if (held.length < MOST_HELD) held.push(...lines)
      else missed += lines.length
    },
    toggle() {
      if (paused) goOn()
      else paused = true
    },
    goOn,
  }
}
