import { createClusterSplitter } from './clusters.ts'

/** Nothing but ASCII and what tables are drawn with: each character is a cluster, one cell wide. Clusters are only looked for in the rest. */
const CELLS = /^[\x20-\x7e·…▲▼✓✗\u2500-\u259f]*$/

/** As much of one line as fits into so many cells. */
export function clipped(line: string, columns: number): string {
  if (CELLS.test(line)) return line.slice(0, Math.max(0, columns))
  let width = 0
  let text = ''
  for (const cluster of clustersOf(line)) {
    width += cluster.width
    if (width > columns) return text
    text += cluster.text
  }
  return text
}

/** One line, made exactly so many cells wide: clipped, or with blanks behind it. */
export function padded(line: string, columns: number): string {
  const text = clipped(line, columns)
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

/** How many cells a line takes. */
export function textWidth(line: string): number {
  if (CELLS.test(line)) return line.length
  return clustersOf(line).reduce((sum, { width }) => sum + width, 0)
}

function clustersOf(line: string) {
  const splitter = createClusterSplitter()
  return [...splitter.push(line), ...splitter.end()]
}
