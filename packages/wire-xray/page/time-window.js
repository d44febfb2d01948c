// The stretch of time that is shown, the same in both pictures.

/** @typedef {ReturnType<typeof createTimeWindow>} TimeWindow */

/** Milliseconds: closer than that nothing is to be seen. */
const CLOSEST = 0.5

/** @param {() => void} onChange */
export function createTimeWindow(onChange) {
  let [start, end] = [0, 1]
  let whole = 1 // milliseconds there are
  let isAll = true

  /** @param {number} from @param {number} length */
  function show(from, length) {
    const size = Math.min(whole, Math.max(CLOSEST, length))
    start = Math.max(0, Math.min(from, whole - size))
    end = start + size
    isAll = size >= whole
    onChange()
  }

  return {
    get start() {
      return start
    },
    get end() {
      return end
    },
    get isAll() {
      return isAll
    },
    /** There is so much time now. @param {number} milliseconds */
    grow(milliseconds) {
      whole = Math.max(1, milliseconds)
      if (isAll) show(0, whole)
      else show(start, end - start)
    },
    all: () => show(0, whole),
    /** @param {number} factor above 1 is closer @param {number} at the time that stays where it is */
    zoom(factor, at = (start + end) / 2) {
      const length = (end - start) / factor
      show(at - ((at - start) / (end - start)) * length, length)
    },
    /** @param {number} milliseconds */
    move: (milliseconds) => show(start + milliseconds, end - start),
    /** Brings a time into view. @param {number} from @param {number} [to] */
    reveal(from, to = from) {
      if (from >= start && to <= end) return
      const length = Math.max(end - start, (to - from) * 1.4)
      show((from + to - length) / 2, length)
    },
  }
}
