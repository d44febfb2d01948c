import type { Item } from '../proxy/item.ts'
import type { LeftOut } from './exchange.ts'

/** Items of an exchange that stay when there are too many: the first, the last, and of what is wrong in between the first. */
export const KEPT = 1000

/** Characters of a text that stay: enough to know it by. */
export const MAX_TEXT: number = 4096

/** The items of one exchange, which may become very many. */
export interface KeptItems {
  readonly items: readonly Item[]
  readonly leftOut: LeftOut | undefined
  add(item: Item): void
  /** Lets go of the middle, and of the bytes of reads. */
  shrink(): void
  /** Lets go of all of them, and of all that come. */
  forget(): void
}

/** `weigh` hears by how many bytes, about, they have become more, or less. */
export function createKeptItems(maxItems: number, weigh: (bytes: number) => void): KeptItems {
  let items: Item[] = []
  let leftOut: LeftOut | undefined
  let weight = 0
  let forgotten = false

  function grow(bytes: number): void {
    weight += bytes
    weigh(bytes)
  }

  function shrink(): void {
    if (items.length > 3 * KEPT) letGo()
    items = items.map(withoutBytes)
    grow(items.reduce((sum, item) => sum + weightOf(item), 0) - weight)
  }

  function letGo(): void {
    const middle = items.slice(KEPT, -KEPT)
    const wrong = middle.filter(isWrong).slice(0, KEPT)
    leftOut = { behind: KEPT, items: (leftOut?.items ?? 0) + middle.length - wrong.length }
    items = [...items.slice(0, KEPT), ...wrong, ...items.slice(-KEPT)]
  }

  return {
    get items() {
      return items
    },
    get leftOut() {
      return leftOut
    },
    add(item) {
      if (forgotten) return
      const kept = clipped(item)
      items.push(kept)
      grow(weightOf(kept))
      if (items.length > maxItems) shrink()
    },
    shrink,
    forget() {
      forgotten = true
      items = []
      grow(-weight)
    },
  }
}

function isWrong(item: Item): boolean {
  if (item.kind === 'finding') return item.finding.kind === 'error' || item.finding.kind === 'failure'
  return item.kind === 'error' || item.kind === 'reset' || item.kind === 'gap'
}

function withoutBytes(item: Item): Item {
  if (item.kind !== 'read' || item.bytes === undefined) return item
  const { bytes: _, ...read } = item
  return read
}

function clipped(item: Item): Item {
  const text = item.kind === 'finding' ? item.finding.text : undefined
  if (item.kind !== 'finding' || text === undefined || text.length <= MAX_TEXT) return item
  return { ...item, finding: { ...item.finding, text: copied(text.slice(0, MAX_TEXT)) } }
}

/** A slice of a string keeps all of that string in memory. */
function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}

/** About what an object with its numbers and ranges takes in V8. */
const ITEM = 400

function weightOf(item: Item): number {
  if (item.kind === 'read') return ITEM + (item.bytes?.length ?? 0)
  if (item.kind !== 'finding') return ITEM
  const { summary, text = '', head } = item.finding
  return ITEM + summary.length + 2 * text.length + (head ? `${head.fields}`.length : 0)
}
