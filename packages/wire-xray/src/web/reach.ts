import type { Item } from '../proxy/item.ts'
import type { Exchange } from '../timeline/exchange.ts'
import type { Reach } from './page-exchange.ts'

/** How far the curves of the page go once it has all items; it counts as they do. */
export function reachOf({ items, askedAt }: Exchange): Reach {
  let [at, events, tokens] = [askedAt, 0, 0]
  let first: number | undefined // byte of the answer
  let last = 0
  for (const item of items) {
    at = Math.max(at, item.at)
    if (item.kind === 'read' && item.direction === 'down') {
      first ??= item.range[0]
      last = item.range[1]
    }
    if (isEvent(item)) events++
    if (isToken(item)) tokens++
  }
  return { at, bytes: last - (first ?? last), events, tokens }
}

function isEvent(item: Item): boolean {
  return item.kind === 'finding' && (item.finding.kind === 'event' || item.finding.kind === 'line')
}

/** A delta may add nothing, as the first one of an answer often does. */
function isToken(item: Item): boolean {
  return item.kind === 'finding' && item.finding.kind === 'delta' && item.finding.text !== ''
}
