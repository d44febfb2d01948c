import { formatRow, type Layout, layoutOf } from '../format.ts'
import type { Row } from '../rows.ts'
import { type Difference, rowAt, type Version } from './difference.ts'

/** Rows that are shown of each version, and before the difference. */
const ROWS = 3
const BEFORE = 2

/** The rows around the difference: `-` what was expected, `+` what is there, and a mark under the first byte that differs. */
export function sideBySide(difference: Difference, columns: number): string[] {
  const { expected, got, at } = difference
  const from = Math.min(at, difference.wanted?.start ?? at)
  const same = expected.rows.filter(({ end }) => end <= from && rowAt(got.rows, end - 1)?.end === end).slice(-BEFORE)
  const [wanted, present] = [shown(expected, from), shown(got, from)]
  const size = Math.max(expected.bytes.length, got.bytes.length)
  const layout = layoutOf([...same, ...wanted, ...present], size, columns - 2)
  const lines = [linesOf('- ', expected, wanted, at, layout), linesOf('+ ', got, present, at, layout)] as const
  const marked = lines[0].mark === lines[1].mark ? [lines[0].lines, withMark(lines[1])] : lines.map(withMark)
  return [...same.map((row) => `  ${formatRow(row, expected.shown, layout)}`), ...marked.flat()]
}

/** The rows from the difference on. */
function shown({ rows }: Version, from: number): Row[] {
  return rows.filter(({ end }) => end > from).slice(0, ROWS)
}

interface Lines {
  readonly lines: readonly string[]
  /** The line of the byte that differs, and its column. */
  readonly line: number
  readonly mark: number
}

function linesOf(sign: string, { shown }: Version, rows: readonly Row[], at: number, layout: Layout): Lines {
  const starts = rows.map((row) => startOf(row, at, layout))
  const line = rows.findIndex(({ end }) => at < end)
  const lines = rows.map((row, index) => sign + formatRow({ ...row, start: starts[index] ?? 0 }, shown, layout))
  const column = layout.offset + 4
  if (line !== -1) return { lines, line, mark: column + 3 * (at - (starts[line] ?? at)) }
  const nothing = `${sign}${at.toString(16).padStart(layout.offset, '0')}  (nothing more)`
  return { lines: [...lines, nothing], line: rows.length, mark: column }
}

function withMark({ lines, line, mark }: Lines): string[] {
  return [...lines.slice(0, line + 1), `${' '.repeat(mark)}^^`, ...lines.slice(line + 1)]
}

/** Where a row is shown from: its start, or so far behind it that the difference is seen. */
function startOf(row: Row, at: number, { bytes }: Layout): number {
  const few = Math.floor(bytes / 2)
  const isSeen = row.end - row.start <= bytes || at < row.start + few || at >= row.end
  return isSeen ? row.start : at - few + 1
}
