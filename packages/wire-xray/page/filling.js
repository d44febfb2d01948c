// Fetches the items that an exchange lacks, and leaves the page time to draw in between.
import { askItems } from './feed.js'

/** @typedef {import('./exchange.js').Exchange} Exchange */

/** Milliseconds of work between two frames, of the sixteen that there are. */
const SLICE = 6

/**
 * Says whether all of them are there; not if the line is cut, or somebody has lost interest.
 * @param {Exchange} exchange @param {(exchange: Exchange) => boolean} isWanted @param {() => void} onMore
 */
async function fetchMissing(exchange, isWanted, onMore) {
  let since = performance.now()
  for await (const { from, items } of askItems(exchange.summary, exchange.items)) {
    if (!isWanted(exchange) || from > exchange.items) return false
    exchange.take(from, items)
    onMore()
    if (performance.now() - since < SLICE || document.hidden) continue
    await new Promise((drawn) => setTimeout(drawn))
    since = performance.now()
  }
  return exchange.isWhole
}

/** One fetch at a time for each. @param {(exchange: Exchange) => boolean} isWanted @param {() => void} onMore */
export function createFilling(isWanted, onMore) {
  /** @type {Set<Exchange>} */
  const filling = new Set()
  return {
    /** @param {Exchange} exchange */
    async fill(exchange) {
      if (exchange.isWhole || filling.has(exchange)) return
      filling.add(exchange)
      const isFilled = await fetchMissing(exchange, isWanted, onMore).catch(() => false)
      filling.delete(exchange)
      if (isFilled) onMore()
    },
  }
}
