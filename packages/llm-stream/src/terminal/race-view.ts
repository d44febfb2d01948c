import type { LlmEvent } from '../events.ts'
import { createChatView } from './chat-view.ts'
import { joined } from './columns.ts'

export interface RaceViewOptions {
  readonly columns: number
  /** Lines of the window. What is higher than it stays as it is. */
  readonly rows: number
  /** A heading for each side. */
  readonly names: readonly string[]
}

/** Answers side by side, as they come. Pure: events in, sequences for the terminal out. */
export interface RaceView {
  take(side: number, event: LlmEvent): void
  end(side: number): void
  /** What to print now: only the lines that have changed since. `status` has a word below each side. */
  frame(status: readonly string[]): string
}

const ESC = '\u001b'
const GAP = ' │ '

/**
 * A line is finished when no side will add to it; it is printed once and stays. The lines below it, which some side has
 * begun and another has not, are written again where they change; a side that is a window ahead is shown when the others
 * have caught up.
 */
export function createRaceView({ columns, rows, names }: RaceViewOptions): RaceView {
  const width = Math.max(2, Math.floor((columns - 1 - GAP.length * (names.length - 1)) / names.length))
  const widths = names.map(() => width)
  const sides = names.map(() => ({ view: createChatView({ columns: width, color: false }), lines: [''], ended: false }))
  let shown: readonly string[] = [] // the lines that may still change, as they are on the screen
  let finished = 0

  function add(index: number, text: string): void {
    const side = sides[index]
    if (!side) return
    const [more = '', ...next] = text.split('\n')
    side.lines[side.lines.length - 1] += more
    side.lines.push(...next)
  }

  const row = (at: number) =>
    joined(
      sides.map(({ lines }) => lines[at] ?? ''),
      widths,
      GAP,
    )

  /** Lines that no side will add to: the ones before its last one, and all once it has ended. */
  function isFinal(at: number): boolean {
    return sides.every(({ lines, ended }) => ended || at < lines.length - 1)
  }

  /** Goes up to the first line that may change, and writes what has changed from there on. */
  function paint(lines: readonly string[]): string {
    let text = shown.length > 1 ? `${ESC}[${shown.length - 1}A\r` : '\r'
    for (const [i, line] of lines.entries()) {
      if (i > 0) text += '\r\n'
      if (line !== shown[i]) text += `${ESC}[2K${line}`
    }
    return text
  }

  return {
    take: (index, event) => add(index, sides[index]?.view.take(event) ?? ''),
    end(index) {
      add(index, sides[index]?.view.end() ?? '')
      const side = sides[index]
      if (side) side.ended = true
    },
    frame(status) {
      const height = Math.max(...sides.map(({ lines }) => lines.length))
      let final = finished
      while (final < height && isFinal(final)) final++
      const open = Math.min(height - final, Math.max(1, rows - 3))
      const fixed = Array.from({ length: final - finished }, (_, i) => row(finished + i))
      const live = [...Array.from({ length: open }, (_, i) => row(final + i)), joined(status, widths, GAP)]
      const heading = finished === 0 && shown.length === 0 ? [joined(names, widths, GAP)] : []
      const text = paint([...heading, ...fixed, ...live])
      finished = final
      shown = live
      return text
    },
  }
}
