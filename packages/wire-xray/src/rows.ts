import type { Layer, Span } from './span.ts'

/** A line of the dump: an element, and the punctuation that belongs to it. */
export interface Row {
  readonly start: number
  readonly end: number
  readonly layer: Layer
  readonly element: string
}

/** What is shown at the end of the element before it. */
const PUNCTUATION: ReadonlySet<string> = new Set(['sp', 'colon', 'ows', 'space', 'crlf', 'end-of-line'])

/** One row for each element; spaces, colons and line ends stay with what they follow, unless that is of another layer. */
export function rowsOf(spans: readonly Omit<Span, 'direction'>[]): Row[] {
  const rows: Row[] = []
  for (const span of spans) addRow(rows, span)
  return rows
}

/** {@link rowsOf} for one span more. */
export function addRow(rows: Row[], { start, end, layer, element }: Omit<Span, 'direction'>): void {
  const last = rows.at(-1)
  if (last?.layer === layer && last.element !== element && PUNCTUATION.has(element)) {
    rows[rows.length - 1] = { ...last, end }
  } else rows.push({ start, end, layer, element })
}
