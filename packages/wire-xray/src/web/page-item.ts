import type { FindingKind } from '../finding.ts'
import { printable } from '../printable.ts'
import type { FindingItem, Item } from '../proxy/item.ts'
import type { ByteRange, Layer } from '../span.ts'

/** An item as the page gets it: what its panes draw, and no more. Times are milliseconds of the exchange's tap. */
export type PageItem =
  | { readonly kind: 'read'; readonly down: boolean; readonly at: number; readonly bytes: readonly ByteRange[] }
  | PageFinding
  | {
      readonly kind: 'fin' | 'reset' | 'complete' | 'wait' | 'gap'
      readonly down: boolean
      readonly at: number
      readonly text: string
    }
  | { readonly kind: 'error' | 'note' | 'open'; readonly at: number; readonly text: string }

/** What was found in bytes. */
export interface PageFinding {
  readonly kind: 'finding'
  readonly what: FindingKind
  readonly down: boolean
  readonly at: number
  readonly began: number
  readonly no: number
  readonly layer: Layer
  readonly text: string
  /** Of a delta: the text it adds. */
  readonly adds?: string
  readonly bytes: readonly ByteRange[]
  readonly parent?: readonly [kind: FindingKind, from: number, to: number]
}

/** Ranges of a finding that the page lights up; beyond them the last one goes on to the end. */
const RANGES = 16

/** Characters of a token that the page shows. */
const TOKEN = 200

export function pageItemOf(item: Item): PageItem {
  const { at } = item
  switch (item.kind) {
    case 'read':
      return { kind: 'read', down: isDown(item), at, bytes: [item.range] }
    case 'finding':
      return foundOf(item)
    case 'complete':
      return { kind: 'complete', down: isDown(item), at, text: isDown(item) ? 'the answer is whole' : 'asked' }
    case 'fin':
    case 'reset':
      return { kind: item.kind, down: isDown(item), at, text: item.kind === 'fin' ? 'FIN' : 'RST' }
    case 'wait':
      return { kind: 'wait', down: isDown(item), at, text: `waited ${Math.round(item.milliseconds)} ms` }
    case 'gap':
      return { kind: 'gap', down: isDown(item), at, text: `${item.size} bytes were not looked at` }
    case 'error':
      return { kind: 'error', at, text: item.code }
    case 'note':
      return { kind: 'note', at, text: item.text }
    case 'open':
      return { kind: 'open', at, text: printable(item.address ?? 'connected') }
  }
}

function isDown({ direction }: { readonly direction: 'up' | 'down' }): boolean {
  return direction === 'down'
}

function foundOf({ at, began, finding }: FindingItem): PageFinding {
  const { direction, layer, kind, summary, text, bytes, no, parent } = finding
  return {
    kind: 'finding',
    what: kind,
    down: direction === 'down',
    at,
    began,
    no,
    layer,
    text: summary,
    ...(kind === 'delta' && text !== undefined && { adds: text.slice(0, TOKEN) }),
    bytes: fewer(bytes),
    ...(parent && { parent: [parent.kind, parent.from, parent.to] as const }),
  }
}

function fewer(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const [last, end] = [ranges[RANGES - 1], ranges.at(-1)]
  if (ranges.length <= RANGES || !last || !end) return ranges
  return [...ranges.slice(0, RANGES - 1), [last[0], end[1]]]
}
