import type { Exchange } from '../timeline/exchange.ts'
import { type Judgement, judgementOf, type Tapped } from './page-exchange.ts'

/** An exchange that goes on is judged again after so many times as long as the last time took: at most 5 % of one's time. */
const REST = 20

interface Judged {
  readonly judgement: Judgement
  readonly items: Exchange['items']
  readonly end: string
  readonly restsUntil: number
}

/**
 * Judges exchanges for all pages that look at them. Nothing is judged twice; and one that goes on is judged only so often that
 * the process, which has traffic to pass on, does little else than that: a page that knows of more items asks again.
 */
export function createJudge(): (tap: number, exchange: Exchange, tapped: Tapped) => Judgement {
  const known = new WeakMap<Exchange, Judged>()

  return (tap, exchange, tapped) => {
    const before = known.get(exchange)
    if (before && mayStay(before, exchange)) return before.judgement
    const began = performance.now()
    const judgement = judgementOf(tap, exchange, tapped)
    const now = performance.now()
    const { items, end } = exchange
    known.set(exchange, { judgement, items, end: end.kind, restsUntil: now + (now - began) * REST })
    return judgement
  }
}

function mayStay({ judgement, items, end, restsUntil }: Judged, exchange: Exchange): boolean {
  if (end !== exchange.end.kind) return false
  return (items === exchange.items && judgement.items === items.length) || performance.now() < restsUntil
}
