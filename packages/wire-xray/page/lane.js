// Boxes of one kind of thing, in the order in which they came. Each knows which boxes of the lane below carried it.
import { firstAbove } from './search.js'

/**
 * @typedef {object} Box
 * @property {number} at when it was whole
 * @property {number} began
 * @property {number} no
 * @property {string} kind
 * @property {string} text
 * @property {readonly (readonly [number, number])[]} bytes
 * @property {number} from the first box below that carried it, or -1
 * @property {number} to the last
 */
/** @typedef {ReturnType<typeof createLane>} Lane */

/** @param {string} name */
export function createLane(name) {
  /** @type {Box[]} */
  const boxes = []
  /** @type {number[]} */
  const ends = [] // these three never go back: they are searched
  /** @type {number[]} */
  const firsts = []
  /** @type {number[]} */
  const lasts = []
  /** @type {number[]} */
  const starts = [] // bytes
  /** @type {Map<string, number[]>} */
  const byKind = new Map() // places by number

  /** @param {number[]} numbers @param {number} number */
  function grow(numbers, number) {
    numbers.push(Math.max(number, numbers.at(-1) ?? number))
  }

  /** What is in a chunk is told before the chunk is whole: then this is where the chunk, which is the next one, will be. @param {string} kind @param {number} no */
  function placeOf(kind, no) {
    const numbers = byKind.get(kind) ?? []
    return no === numbers.length ? boxes.length : numbers[no]
  }

  return {
    name,
    boxes,
    ends,
    firsts,
    lasts,
    get length() {
      return boxes.length
    },
    /** @param {Box} box */
    add(box) {
      const index = boxes.push(box) - 1
      grow(ends, box.at)
      grow(firsts, box.from)
      grow(lasts, box.to)
      grow(starts, box.bytes[0]?.[0] ?? 0)
      const numbers = byKind.get(box.kind) ?? []
      numbers[box.no] = index
      byKind.set(box.kind, numbers)
      return index
    },
    /** @param {import('../src/web/page-item.ts').PageFinding['parent']} parent @returns {readonly [number, number] | undefined} */
    find(parent) {
      if (!parent) return undefined
      const [kind, from, to] = parent
      const [first, last] = [placeOf(kind, from), placeOf(kind, to)]
      return first === undefined || last === undefined ? undefined : [first, last]
    },
    /** The box that has a byte of the stream; -1 if that was let go of. @param {number} byte */
    withByte(byte) {
      const index = firstAbove(starts, byte) - 1
      const last = boxes[index]?.bytes.at(-1)
      return last && byte < last[1] ? index : -1
    },
    /** The box that begins at a byte of the stream, or before it. @param {number} byte */
    atByte(byte) {
      return Math.max(0, firstAbove(starts, byte) - 1)
    },
  }
}
