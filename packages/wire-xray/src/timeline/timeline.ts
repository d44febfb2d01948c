import type { FindingItem, Item } from '../proxy/item.ts'
import { type ConnectionExchanges, createConnectionExchanges } from './connection-exchanges.ts'
import type { Exchange } from './exchange.ts'
import { createExchange, type GrowingExchange } from './growing-exchange.ts'
import { createKeptItems } from './kept-items.ts'

/** How much of the past is remembered. */
export interface TimelineOptions {
  /** Items of one exchange; beyond them its middle is let go of. Default 50,000. */
  readonly maxItems?: number
  /** Bytes of all of them, about; beyond them middles are let go of, and then whole exchanges, the oldest first. Default 32 MiB. */
  readonly maxSize?: number
}

/** Puts the items of all connections into the exchanges they belong to. */
export interface Timeline {
  /** The next item of an explainer or a proxy, which may go on in what is given out already. */
  take(item: Item): void
  /** In the order in which they began. */
  readonly exchanges: readonly Exchange[]
}

/**
 * Makes exchanges of items, of traffic that goes by right now and of that of a recording alike. What is no HTTP/1 gives none.
 *
 * @throws RangeError for a limit that is none
 */
export function createTimeline({ maxItems = 50_000, maxSize = 32 * 1024 * 1024 }: TimelineOptions = {}): Timeline {
  if (!(maxItems >= 1)) throw new RangeError(`maxItems must be 1 or more, not ${maxItems}`)
  if (!(maxSize >= 1)) throw new RangeError(`maxSize must be 1 or more bytes, not ${maxSize}`)
  const connections = new Map<number, ConnectionExchanges>()
  const exchanges: GrowingExchange[] = []
  let count = 0
  let size = 0

  function begin(head: FindingItem): GrowingExchange {
    const kept = createKeptItems(maxItems, (bytes) => {
      size += bytes
    })
    const exchange = createExchange(++count, head, kept)
    exchanges.push(exchange)
    return exchange
  }

  /** Down to three quarters, so that not each item has to make room for itself. */
  function makeRoom(): void {
    const enough = (maxSize / 4) * 3
    for (const { kept } of exchanges) if (size > enough) kept.shrink()
    while (size > enough && exchanges.length > 1) exchanges.shift()?.kept.forget()
  }

  function of(connection: number): ConnectionExchanges {
    const found = connections.get(connection) ?? createConnectionExchanges(begin)
    connections.set(connection, found)
    return found
  }

  return {
    take(item) {
      of(item.connection).take(item)
      if (size > maxSize) makeRoom()
    },
    get exchanges() {
      for (const connection of connections.values()) connection.settle()
      return exchanges
    },
  }
}
