// Whether every event came, once, in its place: ids are `<run>.<n>`, counted from 1.

/** @typedef {ReturnType<typeof createOrder>} Order */

export function createOrder() {
  let last = 0
  let lost = 0
  let doubled = 0
  return {
    /** Whether an event with this id is to be listened to: one that was heard before is not. @param {string} id */
    take(id) {
      const number = Number(id.slice(id.lastIndexOf('.') + 1))
      if (number <= last) {
        doubled++
        return false
      }
      lost += number - last - 1
      last = number
      return true
    },
    get last() {
      return last
    },
    /** What a reader wants to know after a cut. */
    get verdict() {
      return lost + doubled === 0 ? 'nothing lost, nothing doubled' : `${lost} lost, ${doubled} doubled`
    },
  }
}
