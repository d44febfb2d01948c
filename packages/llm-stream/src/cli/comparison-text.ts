import { besides, joined, wrapText } from '../terminal/columns.ts'
import { differences, type Side } from './differences.ts'
import { MARGIN, wireLines } from './wire-lines.ts'

const GAP = ' │ '
/** From here on there is room for two wires beside each other. */
const WIDE = 160

/** What went over the wires: beside each other where there is room, else one under the other. */
export function wiresText(sides: readonly Side[], limit: number, columns: number): string {
  if (columns < WIDE) return sides.map((side) => `\n${wireRows(side, limit, columns - 1).join('\n')}\n`).join('')
  const width = Math.floor((columns - 1 - GAP.length) / sides.length)
  const wires = sides.map((side) => wireRows(side, limit, width))
  const height = Math.max(...wires.map((rows) => rows.length))
  const widths = sides.map(() => width)
  const rows = Array.from({ length: height }, (_, i) =>
    joined(
      wires.map((wire) => wire[i] ?? ''),
      widths,
      GAP,
    ),
  )
  return `\n${rows.join('\n')}\n`
}

/** A wire under its heading, in rows that are no wider than this. */
function wireRows({ name, wire }: Side, limit: number, columns: number): readonly string[] {
  const rows = wireLines(wire, limit).flatMap(({ margin, text }) => {
    const [first = '', ...more] = wrapText(text, columns - MARGIN)
    return [margin + first, ...more.map((rest) => ' '.repeat(MARGIN) + rest)]
  })
  return [heading(`${name}: the wire`, columns), ...rows]
}

const LABEL = 21

/** What differs, a row for each question. */
export function differencesTable(sides: readonly Side[], columns: number): string {
  const cell = Math.floor((columns - 1 - LABEL) / sides.length) - GAP.length
  const widths = [LABEL, ...sides.map(() => cell)]
  const row = (texts: readonly string[]) => besides(texts, widths, GAP).join('\n')
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─')
  const rows = differences(sides).map(({ what, answers }) => row([what, ...answers]))
  const names = row(['', ...sides.map(({ name }) => name)])
  return `\n${heading('the difference', columns - 1)}\n${[names, rule, ...rows].join('\n')}\n`
}

function heading(text: string, columns: number): string {
  return `── ${text} ${'─'.repeat(Math.max(2, columns - text.length - 4))}`
}
