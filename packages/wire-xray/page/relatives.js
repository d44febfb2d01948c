// What carried a box, all the way down to the reads, and what it carried, all the way up to the tokens.
import { firstAbove, firstFrom } from './search.js'

/** @typedef {readonly [lane: number, index: number]} Place */
/** @typedef {readonly [from: number, to: number]} Stretch places in a lane, both included; empty when `to` is below `from` */

const NONE = /** @type {Stretch} */ ([0, -1])

/** For each lane the stretch that belongs to the box. @param {readonly import('./lane.js').Lane[]} lanes @param {Place} place @returns {readonly Stretch[]} */
export function relativesOf(lanes, [lane, index]) {
  /** @type {Stretch[]} */
  const stretches = lanes.map(() => NONE)
  stretches[lane] = [index, index]
  for (let below = lane - 1; below >= 0; below--) {
    const [from, to] = stretches[below + 1] ?? NONE
    const [first, last] = [lanes[below + 1]?.boxes[from]?.from ?? -1, lanes[below + 1]?.boxes[to]?.to ?? -1]
    stretches[below] = first < 0 ? NONE : [first, last]
  }
  for (let above = lane + 1; above < lanes.length; above++) {
    const [from, to] = stretches[above - 1] ?? NONE
    const carried = lanes[above]
    if (!carried || to < from) continue
    stretches[above] = [firstFrom(carried.lasts, from), firstAbove(carried.firsts, to) - 1]
  }
  return stretches
}
