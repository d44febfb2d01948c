/** First in, first out, at a constant cost: `Array.shift` moves everything that is left. */
export interface Queue<Item> {
  readonly empty: boolean
  add(item: Item): void
  /** The oldest item. Only when not `empty`. */
  take(): Item
  clear(): void
}

export function createQueue<Item>(): Queue<Item> {
  let items: Item[] = []
  let at = 0
  return {
    get empty() {
      return at === items.length
    },
    add(item) {
      items.push(item)
    },
    take() {
      const item = items[at++] as Item
      if (at === items.length) {
        items = []
        at = 0
      }
      return item
    },
    clear() {
      items = []
      at = 0
    },
  }
}
