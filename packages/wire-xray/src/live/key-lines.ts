import { type Shown, WIDE } from './table.ts'

/** What the keys do now. */
export interface KeyFacts {
  readonly paused: boolean
  /** Lines that wait until the pause is over. */
  readonly held: number
  readonly shown: Shown
  readonly hex: boolean
  /** Where a recording is written to. */
  readonly recording: string | undefined
}

/** Keys and what they do, on one line, or on two where there is little room; those that are needed least come last. */
export function keyLines(facts: KeyFacts, columns: number): readonly string[] {
  const keys = keysOf(facts)
  const spacious = ` ${keys.join('  ')}`
  if (spacious.length <= columns) return [spacious]
  const first = filled(keys, columns)
  return columns < WIDE ? [first.line, filled(keys.slice(first.count), columns).line] : [first.line]
}

/** As many as fit. */
function filled(keys: readonly string[], columns: number): { readonly line: string; readonly count: number } {
  let line = ''
  let count = 0
  for (const key of keys) {
    if (line.length + 1 + key.length > columns) break
    line += ` ${key}`
    count++
  }
  return { line, count }
}

function keysOf({ paused, held, shown, hex, recording }: KeyFacts): readonly string[] {
  return [
    '[q] quit',
    `[space] ${paused ? `go on (${held} lines)` : 'pause'}`,
    `[l] layer: ${shown}`,
    `[r] ${recording === undefined ? 'record' : 'stop'}`,
    '[f] fault',
    `[h] ${hex ? 'no hex' : 'hex'}`,
    '[e] explain',
  ]
}
