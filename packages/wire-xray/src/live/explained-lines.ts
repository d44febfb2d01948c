import { explain } from '../explain.ts'

/** Lines of an explanation that are shown: its beginning and its end. */
const [FIRST, LAST] = [16, 40]

/** The rows of bytes, as far as they fit on a screen or two. */
export function explainedLines(bytes: Uint8Array, columns: number, color: boolean): readonly string[] {
  if (bytes.length === 0) return ['(no answer yet)']
  const lines = explain(bytes, { columns, color }).split('\n')
  const left = lines.length - FIRST - LAST
  return left > 0 ? [...lines.slice(0, FIRST), `… ${left} rows …`, ...lines.slice(-LAST)] : lines
}
