// An amount that grows: how much there was at a time, and when there was so much.
import { firstAbove, firstFrom } from './search.js'

/** @typedef {ReturnType<typeof createCurve>} Curve */

export function createCurve() {
  /** @type {number[]} */
  const times = []
  /** @type {number[]} */
  const amounts = []
  return {
    times,
    /** It never goes back: it is searched. @param {number} at @param {number} amount */
    reach(at, amount) {
      times.push(Math.max(at, times.at(-1) ?? at))
      amounts.push(Math.max(amount, amounts.at(-1) ?? amount))
    },
    get total() {
      return amounts.at(-1) ?? 0
    },
    get end() {
      return times.at(-1) ?? 0
    },
    /** @param {number} time */
    amountAt(time) {
      return amounts[firstAbove(times, time) - 1] ?? 0
    },
    /** When there was so much; undefined if there never was. @param {number} amount */
    timeOf(amount) {
      return times[firstFrom(amounts, amount)]
    },
  }
}
