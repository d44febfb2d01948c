// One exchange as the panes draw it: what is there of it, and how much there will be.
import { createLayers, isWrong } from './layers.js'

/** @typedef {import('./layers.js').PageItem} PageItem */
/** @typedef {import('../src/web/page-exchange.ts').Outline} Outline */
/** @typedef {ReturnType<typeof createExchange>} Exchange */

/** Its items come later, some at a time. @param {Outline} outline */
export function createExchange({ exchange: summary, reach }) {
  const { askedAt, leftOut } = summary
  const layers = createLayers(askedAt)
  let items = 0
  let heard = 0
  /** @type {number} */
  let end = 0
  /** @type {{ from: number, to: number } | undefined} */
  let hole
  let isBehindHole = leftOut === undefined

  /** @param {PageItem} item */
  function add(item) {
    const at = item.at - askedAt
    if (!isBehindHole && items >= (leftOut?.behind ?? 0)) passHole(item, at)
    end = Math.max(end, at)
    items++
    layers.place(item, at)
  }

  /** What is wrong in the hole stands behind it: it ends with the first item that is not. @param {PageItem} item @param {number} at */
  function passHole(item, at) {
    hole = { from: hole?.from ?? end, to: at }
    isBehindHole = !isWrong(item)
  }

  return {
    ...layers,
    summary,
    /** Where items are missing for good. */
    get hole() {
      return hole
    },
    get items() {
      return items
    },
    /** Whether all items that are known of are there. */
    get isWhole() {
      return items >= Math.max(heard, summary.items)
    },
    /** How many items there are, as far as one has heard. */
    get known() {
      return Math.max(items, heard, summary.items)
    },
    /** There are so many: those that are not here are on their way. @param {number} count */
    hear(count) {
      heard = Math.max(heard, count)
    },
    /** Those that are there already are left out. @param {number} from how many come before them @param {readonly PageItem[]} more */
    take(from, more) {
      for (const item of more.slice(Math.max(0, items - from))) add(item)
    },
    /** How much there is to come, as far as one knows. @param {'bytes' | 'events' | 'tokens'} unit */
    mostOf: (unit) => Math.max(layers.curves[unit].total, reach[unit]),
    /** When the last item came that is there. */
    get filledTo() {
      return end
    },
    get end() {
      return Math.max(end, reach.at - askedAt)
    },
  }
}
