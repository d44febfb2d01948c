import type { FindingItem, ReadItem } from '../proxy/item.ts'

/** Reads that came together, with a pause before and behind them. */
export interface Delivery {
  readonly from: number
  to: number
  /** Bytes on the wire. */
  size: number
  /** Events that were whole with it. */
  events: number
  /** Chunks that were whole with it. */
  chunks: number
  /** Its reads, by their place in the answer. */
  readonly first: ReadItem
  last: ReadItem
}

/** Milliseconds without a byte that part two deliveries: longer than a busy machine takes between two reads. */
export const PAUSE = 20

/** Puts the reads of an answer, in order, together wherever there was no pause between them. */
export function deliveriesOf(
  reads: readonly ReadItem[],
  events: readonly FindingItem[],
  chunks: readonly FindingItem[],
): readonly Delivery[] {
  const deliveries: Delivery[] = []
  for (const read of reads) {
    const size = read.range[1] - read.range[0]
    const current = deliveries.at(-1)
    if (current && read.at - current.to < PAUSE) {
      current.to = read.at
      current.size += size
      current.last = read
    } else deliveries.push({ from: read.at, to: read.at, size, events: 0, chunks: 0, first: read, last: read })
  }
  for (const { at } of events) count(deliveries, at, 'events')
  for (const { at } of chunks) count(deliveries, at, 'chunks')
  return deliveries
}

function count(deliveries: readonly Delivery[], at: number, what: 'events' | 'chunks'): void {
  let [low, high] = [0, deliveries.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((deliveries[middle] as Delivery).from <= at) low = middle
    else high = middle - 1
  }
  const delivery = deliveries[low]
  if (delivery) delivery[what]++
}
