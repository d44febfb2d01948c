import type { RequestHead, ResponseHead } from '@sse-from-scratch/http-raw'
import type { FindingKind } from '../finding.ts'
import type { FindingItem, Item } from '../proxy/item.ts'
import type { Exchange, ExchangeEnd } from './exchange.ts'
import type { KeptItems } from './kept-items.ts'

/** An exchange that goes on. */
export interface GrowingExchange extends Exchange {
  readonly kept: KeptItems
  add(item: Item): void
  /** How it ended; only the first end counts. */
  finish(end: ExchangeEnd): void
}

/** Begins with the head of its request. */
export function createExchange(number: number, head: FindingItem, kept: KeptItems): GrowingExchange {
  const counts: Partial<Record<FindingKind | 'read', number>> = {}
  let response: ResponseHead | undefined
  let end: ExchangeEnd = { kind: 'open' }

  function count(kind: FindingKind | 'read'): void {
    counts[kind] = (counts[kind] ?? 0) + 1
  }

  function finish(next: ExchangeEnd): void {
    if (end.kind === 'open') end = next
  }

  function find({ at, finding }: FindingItem): void {
    const { direction, kind, layer, code } = finding
    count(kind)
    if (direction !== 'down') return
    if (kind === 'head') response = finding.head as ResponseHead
    const isFraming = layer === 'http' || layer === 'chunked'
    if (kind !== 'error' || !isFraming) return
    const isCut = code !== undefined && CUT.has(code)
    finish({ kind: isCut ? 'cut' : 'unreadable', at, ...(code !== undefined && { code }) })
  }

  return {
    number,
    connection: head.connection,
    index: head.finding.exchange,
    askedAt: head.at,
    request: head.finding.head as RequestHead,
    kept,
    counts,
    get response() {
      return response
    },
    get items() {
      return kept.items
    },
    get leftOut() {
      return kept.leftOut
    },
    get end() {
      return end
    },
    add(item) {
      kept.add(item)
      if (item.kind === 'read') count('read')
      if (item.kind === 'finding') find(item)
      if (item.kind === 'complete' && item.direction === 'down') finish({ kind: 'complete', at: item.at })
    },
    finish,
  }
}

/** What decoders say of a stream that ends too early. */
const CUT: ReadonlySet<string> = new Set(['HTTP_INCOMPLETE', 'CHUNKED_INCOMPLETE'])
