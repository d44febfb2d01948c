import { clipped } from './clipped.ts'

const ESC = '\u001b'
const BELOW = `${ESC}[J` // ED 0: erases from the cursor to the end of the screen (ECMA-48 §8.3.39)
const ROOM = `${ESC}D${ESC}[A` // IND, CUU: makes sure that there is a line below, and keeps the column
const SAVE = `${ESC}7${ESC}[B\r` // DECSC, CUD
const RESTORE = `${ESC}8` // DECRC

/** A line under a text that grows: written again each time, under the text, which is never written again. */
export interface LiveLine {
  /** Adds to the text, and shows the line under it. */
  frame(text: string, line: string): string
  /** Takes the line away; the cursor is behind the text. */
  clear(): string
}

/** `columns()` is asked each time: whoever makes the window smaller does not want the line twice. */
export function createLiveLine(columns: () => number): LiveLine {
  let shown = false

  function clear(): string {
    const sequence = shown ? BELOW : ''
    shown = false
    return sequence
  }

  return {
    frame(text, line) {
      const erased = clear()
      shown = true
      return `${erased}${text}${ROOM}${SAVE}${ESC}[2m${clipped(line, columns() - 1)}${ESC}[0m${RESTORE}`
    },
    clear,
  }
}
