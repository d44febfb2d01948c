import type { Output } from './view.ts'

const ESC = '\u001b'
const BELOW = `${ESC}[J` // ED 0: erases from the cursor to the end of the screen (ECMA-48 §8.3.39)
const HIDE_CURSOR = `${ESC}[?25l` // DECTCEM, reset
const SHOW_CURSOR = `${ESC}[?25h`

/** Milliseconds between two frames. */
const FRAME = 33

/** Lines that wait for their frame at most: more than anybody sees of one. */
const MOST_LINES = 400

/** Lines that are printed and stay, and under them some that are written again in each frame. */
export interface Frames {
  print(line: string): void
  /** Something under the lines has changed. */
  touch(): void
  /** Prints what is left, and takes away what is under it. */
  close(): void
}

/** `footer()` is asked in each frame, at most thirty times a second; a terminal that falls behind gets fewer. */
export function createFrames(output: Output, footer: () => readonly string[]): Frames {
  let lines: string[] = []
  let leftOut = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function print(line: string): void {
    if (lines.length < MOST_LINES) lines.push(line)
    else leftOut++
    touch()
  }

  function touch(): void {
    if (!closed) timer ??= setTimeout(draw, FRAME)
  }

  function draw(): void {
    timer = undefined
    if (output.writableLength > 0)
      touch() // it has not taken the last one
    else output.write(HIDE_CURSOR + printed() + underneath())
  }

  function printed(): string {
    const more = leftOut > 0 ? [`… ${leftOut} lines left out: too many at a time`] : []
    const text = [...lines, ...more].map((line) => `${line}\n`).join('')
    lines = []
    leftOut = 0
    return `\r${BELOW}${text}`
  }

  /** The cursor is left where the next line goes. */
  function underneath(): string {
    const rows = footer().slice(-Math.max(1, (output.rows ?? 24) - 2))
    const up = rows.length > 1 ? `${ESC}[${rows.length - 1}A` : ''
    return `${rows.join('\n')}${up}\r`
  }

  return {
    print,
    touch,
    close() {
      if (closed) return
      closed = true
      clearTimeout(timer)
      output.write(printed() + SHOW_CURSOR)
    },
  }
}
