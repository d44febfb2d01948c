import type { Item } from '../proxy/item.ts'
import { createBoundedLines } from './bounded-lines.ts'
import type { Output, View } from './view.ts'

/** One line of JSON for each item; what was found in a finding is beside its place, and not one level deeper. */
export function createJsonView(output: Output): View {
  const line = createBoundedLines(output, (lines) => JSON.stringify({ kind: 'left-out', lines }))
  return { take: (item) => line(JSON.stringify(flat(item), inThousandths)), close: () => {} }
}

const TIMES: ReadonlySet<string> = new Set(['at', 'began', 'took', 'milliseconds'])

/** Times to a thousandth of a millisecond, as recordings have them: what is behind that is noise. */
function inThousandths(name: string, value: unknown): unknown {
  return TIMES.has(name) && typeof value === 'number' ? Math.round(value * 1000) / 1000 : value
}

function flat(item: Item): object {
  if (item.kind === 'read') {
    const { bytes: _, range, ...rest } = item
    return { ...rest, bytes: [range] }
  }
  if (item.kind !== 'finding') return item
  const { finding, ...place } = item
  const { direction, exchange, no, head, ...found } = finding
  return { ...place, direction, exchange, no, ...found, ...(head && { head: { ...head, fields: [...head.fields] } }) }
}
