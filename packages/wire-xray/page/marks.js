// Times at which something happened that is no box: a line a pixel at most, however many there are.
import { scaleOf } from './axis.js'
import { firstAbove, firstFrom } from './search.js'

/** @typedef {ReturnType<typeof createMarks>} Marks */

export function createMarks() {
  /** @type {number[]} */
  const times = [] // they never go back: they are searched
  return {
    /** @param {number} at */
    add(at) {
      times.push(Math.max(at, times.at(-1) ?? at))
    },
    get length() {
      return times.length
    },
    /**
     * Where to draw: found by jumping from pixel to pixel.
     * @param {import('./time-window.js').TimeWindow} time @param {number} cursor @param {number} width @returns {readonly number[]}
     */
    pixels(time, cursor, width) {
      const { x, time: timeAt } = scaleOf(time, width)
      const limit = firstAbove(times, Math.min(cursor, time.end))
      /** @type {number[]} */
      const found = []
      let place = firstFrom(times, time.start)
      while (place < limit) {
        const pixel = x(/** @type {number} */ (times[place]))
        found.push(pixel)
        place = Math.max(place + 1, firstFrom(times, timeAt(pixel + 1)))
      }
      return found
    },
  }
}
