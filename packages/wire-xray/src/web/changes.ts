import type { Exchange } from '../timeline/exchange.ts'
import { type PageExchange, pageExchangeOf } from './page-exchange.ts'
import { type PageItem, pageItemOf } from './page-item.ts'

/** What has become of one exchange since somebody looked last. */
export type Change =
  | { readonly kind: 'exchange'; readonly exchange: PageExchange }
  | {
      readonly kind: 'items'
      readonly tap: number
      readonly number: number
      /** How many items were there before these. */
      readonly from: number
      readonly items: readonly PageItem[]
    }

/** Items in one event. */
const TOGETHER = 200

/** Says what is new at one tap since it was asked last. */
export function createChanges(tap: number): (exchanges: readonly Exchange[]) => Change[] {
  const known = new WeakMap<Exchange, { items: number; leftOut: number; end: string }>()

  return (exchanges) =>
    exchanges.flatMap((exchange) => {
      const { items, leftOut, end } = exchange
      const before = known.get(exchange) ?? { items: 0, leftOut: 0, end: '' }
      const now = {
        items: items.length,
        leftOut: leftOut?.items ?? 0,
        end: end.kind,
      }
      const isSame = before.items === now.items && before.leftOut === now.leftOut && before.end === now.end
      if (isSame) return []
      known.set(exchange, now)
      const told: Change = { kind: 'exchange', exchange: pageExchangeOf(tap, exchange) }
      // Its middle was let go of: places mean something else now, and who shows it asks for all of it again.
      if (before.leftOut !== now.leftOut) return [told]
      return [told, ...partsOf(tap, exchange, before.items)]
    })
}

function partsOf(tap: number, { number, items }: Exchange, known: number): Change[] {
  const parts: Change[] = []
  for (let from = known; from < items.length; from += TOGETHER) {
    parts.push({ kind: 'items', tap, number, from, items: items.slice(from, from + TOGETHER).map(pageItemOf) })
  }
  return parts
}
