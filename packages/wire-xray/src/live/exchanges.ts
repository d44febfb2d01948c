import type { FindingItem, Item } from '../proxy/item.ts'

/**
 * What the live view says of a request and its response, as far as they have come. Times are milliseconds, on the clock of
 * items. A timeline keeps the items themselves; lines that are drawn with every frame cannot go through them each time.
 */
export interface ShownExchange {
  /** Counted over all connections, from 1. */
  readonly number: number
  readonly connection: number
  /** `GET /path`. */
  readonly request: string
  readonly askedAt: number
  /** `200 OK`, once there is one. */
  status?: string
  headAt?: number
  eventAt?: number
  deltaAt?: number
  events: number
}

/** Keeps the exchanges that may still go on. */
export interface Exchanges {
  take(item: Item): void
  /** The exchange a finding is of. */
  of(item: FindingItem): ShownExchange | undefined
  /** The one that began last. */
  readonly latest: ShownExchange | undefined
}

/** Exchanges of one connection that are remembered: as many as the x-ray remembers unanswered requests. */
const REMEMBERED = 1024

export function createExchanges(): Exchanges {
  const open = new Map<number, Map<number, ShownExchange>>() // by connection, then by their number on it
  let count = 0
  let latest: ShownExchange | undefined

  function begin({ at, connection, finding }: FindingItem): void {
    const of = open.get(connection) ?? new Map<number, ShownExchange>()
    open.set(connection, of)
    latest = { number: ++count, connection, request: finding.summary, askedAt: at, events: 0 }
    of.set(finding.exchange, latest)
    of.delete(finding.exchange - REMEMBERED)
  }

  function find({ connection, finding }: FindingItem): ShownExchange | undefined {
    return open.get(connection)?.get(finding.exchange)
  }

  function answer(exchange: ShownExchange, { at, finding }: FindingItem): void {
    if (finding.kind === 'head') {
      exchange.status = finding.summary
      exchange.headAt = at
    }
    if (finding.kind === 'event') {
      exchange.events++
      exchange.eventAt ??= at
    }
    if (finding.kind === 'delta' && finding.text !== '') exchange.deltaAt ??= at
  }

  return {
    take(item) {
      if (item.kind === 'error' || item.kind === 'reset') open.delete(item.connection)
      if (item.kind === 'fin' && item.direction === 'down') open.delete(item.connection)
      if (item.kind !== 'finding') return
      if (item.finding.direction === 'down') {
        const exchange = find(item)
        if (exchange) answer(exchange, item)
      } else if (item.finding.kind === 'head') begin(item)
    },
    of: find,
    get latest() {
      return latest
    },
  }
}
