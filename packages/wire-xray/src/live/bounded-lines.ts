import type { Output } from './view.ts'

/** Bytes that may wait for whoever reads what we write. */
const MOST_WAITING = 1024 * 1024

/** Writes lines for as long as somebody takes them; the others are counted, and `leftOut` says how many. */
export function createBoundedLines(output: Output, leftOut: (lines: number) => string): (line: string) => void {
  let missed = 0
  return (line) => {
    if (output.writableLength > MOST_WAITING) {
      missed++
      return
    }
    if (missed > 0) output.write(`${leftOut(missed)}\n`)
    missed = 0
    output.write(`${line}\n`)
  }
}
