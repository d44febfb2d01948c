/** What has happened on the other side, in order: `next` waits for it. */
export function arrivals<Item>(): { add(item: Item): void; next(): Promise<Item> } {
  const items: Item[] = []
  const waiting: ((item: Item) => void)[] = []
  return {
    add(item) {
      const first = waiting.shift()
      if (first) first(item)
      else items.push(item)
    },
    async next() {
      const item = items.shift()
      return item ?? new Promise<Item>((resolve) => waiting.push(resolve))
    },
  }
}
