import type { FindingItem } from '../proxy/item.ts'
import type { Delivery } from './deliveries.ts'
import type { Evidence } from './diagnosis.ts'
import type { Look } from './look.ts'

/** What was found in the bytes, as evidence. */
export function seen({ at, finding }: FindingItem): Evidence {
  const { direction, kind, no, bytes } = finding
  const [first, last] = [bytes[0], bytes.at(-1)]
  const what = kind === 'head' ? 'head' : `${kind} ${no}`
  return { at, direction, ...(first && last && { bytes: [first[0], last[1]] }), what }
}

/** The first, the last, and few of those between them: evidence is read by people. */
export function seenFew(items: readonly FindingItem[], most: number = 4): readonly Evidence[] {
  if (items.length <= most) return items.map(seen)
  return [...items.slice(0, most - 1), items.at(-1) as FindingItem].map(seen)
}

/** What came together. */
export function delivered({ from, first, last, events, size }: Delivery): Evidence {
  return { at: from, direction: 'down', bytes: [first.range[0], last.range[1]], what: `${events} events in ${size} B` }
}

/** Where an answer ended, and how. */
export function theEnd({ exchange: { end, askedAt }, endedAt, reads }: Look): Evidence {
  const direction = end.by ?? 'down'
  return { at: endedAt ?? reads.at(-1)?.at ?? askedAt, direction, what: ENDS[end.kind] }
}

const ENDS = {
  open: 'the end of what was seen',
  complete: 'the end of the body',
  cut: 'FIN',
  reset: 'RST',
  failed: 'the connection broke',
  unreadable: 'a byte that was refused',
  gap: 'bytes that went by unread',
} as const

/** `1.8 s`, `202 ms`. */
export function ms(milliseconds: number): string {
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`
}

/** The one in the middle, of any order; 0 for none. */
export function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
