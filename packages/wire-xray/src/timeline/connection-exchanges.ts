import type { FindingItem, Item, ReadItem } from '../proxy/item.ts'
import type { ExchangeEnd } from './exchange.ts'
import type { GrowingExchange } from './growing-exchange.ts'

/** Finds the exchange to which the items of one connection belong. */
export interface ConnectionExchanges {
  take(item: Item): void
  /** Nothing more will be found in the last read. */
  settle(): void
}

/** Items that may wait for their exchange to begin. */
const MOST_WAITING = 1000

/**
 * A read is told before what is found in it, and belongs to the exchange of the first thing that is; or, if nothing is, to
 * the one that is being asked, or answered. What happens to the connection belongs to those that it ends.
 */
export function createConnectionExchanges(begin: (head: FindingItem) => GrowingExchange): ConnectionExchanges {
  const open = new Map<number, GrowingExchange>() // by their index
  let latest: GrowingExchange | undefined
  let asked = -1 // the last index whose request is whole
  let answered = -1 // the last index whose answer is
  const waiting: Item[] = [] // for an exchange to begin
  let read: ReadItem | undefined // of which nobody knows yet whose it is

  function giveTo(exchange: GrowingExchange | undefined, item: Item): void {
    if (exchange) exchange.add(item)
    else if (waiting.length < MOST_WAITING) waiting.push(item)
  }

  function place(exchange: GrowingExchange | undefined): void {
    const placed = read
    read = undefined
    if (placed) giveTo(exchange, placed)
  }

  /** Nothing was found in it. */
  function placeAlone(): void {
    if (read?.direction === 'up') place(latest && latest.index > asked ? latest : undefined)
    else place(open.get(answered + 1) ?? latest)
  }

  function find(item: FindingItem): void {
    const { direction, kind, exchange: index } = item.finding
    if (direction === 'up' && kind === 'head') start(item)
    const exchange = open.get(index)
    if (read?.direction === direction) place(exchange ?? latest)
    else placeAlone()
    giveTo(exchange ?? latest, item)
  }

  function start(head: FindingItem): void {
    latest = begin(head)
    open.set(latest.index, latest)
    for (const item of waiting.splice(0)) latest.add(item)
  }

  function endAll(end: ExchangeEnd, item: Item): void {
    const unfinished = [...open.values()].filter((exchange) => exchange.end.kind === 'open')
    for (const exchange of unfinished) {
      exchange.add(item)
      exchange.finish(end)
    }
    if (unfinished.length === 0) giveTo(latest, item)
  }

  /** FIN ends what nobody has begun to answer. What is in the middle of its answer, the decoders say themselves. */
  function takeFin(item: Item): void {
    const { at } = item
    const unanswered = [...open.values()].filter(({ response, end }) => end.kind === 'open' && response === undefined)
    for (const exchange of unanswered) exchange.finish({ kind: 'cut', at })
    giveTo(unanswered[0] ?? open.get(answered + 1) ?? latest, item)
  }

  return {
    settle: placeAlone,
    take(item) {
      if (item.kind === 'finding') return find(item)
      placeAlone()
      const { at } = item
      switch (item.kind) {
        case 'read':
          read = item
          return
        case 'complete':
          giveTo(open.get(item.exchange) ?? latest, item)
          if (item.direction === 'up') asked = item.exchange
          else {
            answered = item.exchange
            open.delete(item.exchange - 1) // what was compressed may still come for this one
          }
          return
        case 'reset':
          return endAll({ kind: 'reset', at, by: item.direction }, item)
        case 'error':
          return endAll({ kind: 'failed', at, code: item.code }, item)
        case 'gap':
          return endAll({ kind: 'gap', at }, item)
        case 'fin':
          return item.direction === 'down' ? takeFin(item) : giveTo(latest, item)
        case 'wait':
          return giveTo((item.direction === 'down' ? open.get(answered + 1) : undefined) ?? latest, item)
        case 'open':
        case 'note':
          return giveTo(latest, item)
      }
    },
  }
}
