import { formatRow, type Layout, layoutOf } from '../format.ts'
import type { Row } from '../rows.ts'
import { type Difference, rowAt, type Version } from './difference.ts'

/** Rows that are shown of each version, and before the difference. */
const ROWS = 3
const BEFORE = 2

/** The rows around the difference: `-` what was expected, `+` what is there, and a mark under the first byte that differs. */
export function sideBySide(difference: Difference, columns: number): string[] {
  const { expected, got, at } = difference
  const same = expected.rows.filter(({ end }) => end <= at && rowAt(got.rows, end - 1)?.end === end).slice(-BEFORE)
  const layout = layoutOf(
    [...same, ...shown(expected, at), ...shown(got, at)],
    Math.max(expected.bytes.length, got.bytes.length),
    columns - 2,
  )
  const lines = (version: Version) => linesOf(version, at, layout)
  const start = startOf(rowAt(got.rows, at) ?? rowAt(expected.rows, at), at, layout)
  return [
    ...same.map((row) => `  ${formatRow(row, expected.shown, layout)}`),
    ...lines(expected).map((line) => `- ${line}`),
    ...lines(got).map((line) => `+ ${line}`),
    `${' '.repeat(layout.offset + 4 + 3 * (at - start))}^^`,
  ]
}

/** The rows from the difference on. */
function shown({ rows }: Version, at: number): Row[] {
  return rows.filter(({ end }) => end > at).slice(0, ROWS)
}

function linesOf(version: Version, at: number, layout: Layout): string[] {
  const rows = shown(version, at)
  if (rows.length === 0) return [`${at.toString(16).padStart(layout.offset, '0')}  (nothing more)`]
  return rows.map((row) => formatRow({ ...row, start: startOf(row, at, layout) }, version.shown, layout))
}

/** Where a row is shown from: its start, or so far behind it that the difference is seen. */
function startOf(row: Row | undefined, at: number, { bytes }: Layout): number {
  if (row === undefined) return at
  const few = Math.floor((bytes - 1) / 2)
  return at >= row.start && at - row.start >= few ? Math.max(row.start, at - few + 1) : row.start
}
