import { padded } from './clipped.ts'
import { createWrapper } from './wrap.ts'

/** A text as lines that are no wider than this. */
export function wrapText(text: string, columns: number): readonly string[] {
  const width = Math.max(2, columns)
  const wrapper = createWrapper(width, width + 1)
  return (wrapper.push(text) + wrapper.end()).split('\n')
}

/** Texts beside one another: as many lines as the longest needs, each column as wide as it is told. */
export function besides(texts: readonly string[], widths: readonly number[], gap: string): readonly string[] {
  const columns = texts.map((text, i) => wrapText(text, widths[i] ?? 2))
  const height = Math.max(...columns.map((lines) => lines.length))
  return Array.from({ length: height }, (_, row) =>
    joined(
      columns.map((lines) => lines[row] ?? ''),
      widths,
      gap,
    ),
  )
}

/** One line of each column. */
export function joined(cells: readonly string[], widths: readonly number[], gap: string): string {
  return cells
    .map((cell, i) => padded(cell, widths[i] ?? 2))
    .join(gap)
    .trimEnd()
}
