import type { Item } from '../proxy/item.ts'

/** What belongs together on a screen: something that happened, and what was found in it. */
export interface Group {
  /** A read, an end, a break; a note or a finding only where nothing else came before it. */
  readonly cause: Item
  readonly found: readonly Item[]
}

/** Puts items that came out of one read together. */
export interface Grouping {
  take(item: Item): void
  /** No more comes of the last one. */
  flush(): void
}

/** What happens in something else. */
const FOLLOWS: ReadonlySet<Item['kind']> = new Set(['finding', 'complete', 'note'])

/** The items of a read come in one go: when that is over, the group is. */
export function createGrouping(onGroup: (group: Group) => void): Grouping {
  let cause: Item | undefined
  let found: Item[] = []
  let soon = false

  function flushSoon(): void {
    if (soon) return
    soon = true
    queueMicrotask(() => {
      soon = false
      flush()
    })
  }

  function flush(): void {
    if (!cause) return
    const group = { cause, found }
    cause = undefined
    found = []
    onGroup(group)
  }

  return {
    take(item) {
      const joins = FOLLOWS.has(item.kind) && cause?.connection === item.connection
      if (joins) {
        found.push(item)
        return
      }
      flush()
      cause = item
      flushSoon()
    },
    flush,
  }
}
