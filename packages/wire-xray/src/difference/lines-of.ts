import type { Row } from '../rows.ts'

const LF = 10

/** A row for each line of text, with its end. */
export function linesOf(bytes: Uint8Array, as: 'json' | 'text'): Row[] {
  const rows: Row[] = []
  for (let start = 0; start < bytes.length; ) {
    const lf = bytes.indexOf(LF, start)
    const end = lf === -1 ? bytes.length : lf + 1
    rows.push(
      as === 'json' ? { start, end, layer: 'llm', element: 'json' } : { start, end, layer: 'body', element: 'line' },
    )
    start = end
  }
  return rows
}
