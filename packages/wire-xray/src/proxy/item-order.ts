import { adviceFor } from './advice.ts'
import type { CompleteItem, FindingItem, Item } from './item.ts'

/** Tells of a read first, and then of what was found in it. */
export interface ItemOrder {
  say(item: FindingItem | CompleteItem): void
  /** What is said during `work` is told behind `item`. */
  look(item: () => Item, work: () => void): void
}

/**
 * `withBytes`: reads show their bytes. Which of them are secret is known only when they have been looked at: so what is found
 * meanwhile has to wait.
 */
export function createItemOrder(onItem: (item: Item) => void, withBytes: boolean): ItemOrder {
  let found: (FindingItem | CompleteItem)[] = []
  let isHeld = false

  function report(item: FindingItem | CompleteItem): void {
    onItem(item)
    if (item.kind === 'complete') return
    const text = adviceFor(item.finding)
    if (text !== undefined) onItem({ kind: 'note', at: item.at, connection: item.connection, text })
  }

  return {
    say(item) {
      if (isHeld) found.push(item)
      else report(item)
    },
    look(item, work) {
      if (!withBytes) {
        onItem(item())
        work()
        return
      }
      isHeld = true
      work()
      isHeld = false
      const items = found
      found = []
      onItem(item())
      items.forEach(report)
    },
  }
}
