// What came of an answer, as it is drawn: lanes of boxes, curves, and marks. Times count from when it was asked.
import { createCurve } from './curve.js'
import { createLane } from './lane.js'
import { createMarks } from './marks.js'

/** @typedef {import('../src/web/page-item.ts').PageItem} PageItem */
/** @typedef {import('../src/web/page-item.ts').PageFinding} PageFinding */

/** From the socket up. */
export const LANES = /** @type {const} */ (['reads', 'chunks', 'events', 'tokens'])

/** Which lane has findings of a kind; the others are marks, or of the request. */
const LANE_OF = new Map(
  Object.entries({ head: 1, interim: 1, chunk: 1, 'last-chunk': 1, trailers: 1 })
    .concat(Object.entries({ event: 2, line: 2, comment: 2, retry: 2, unfinished: 2, opaque: 2 }))
    .concat(Object.entries({ delta: 3, stop: 3, usage: 3, done: 3, failure: 3 })),
)

const WRONG = new Set(['error', 'reset', 'gap', 'failure', 'unfinished'])

/** What carried it is not there. */
const NOBODY = /** @type {const} */ ([-1, -1])

/** @param {PageItem} item */
export function isWrong(item) {
  return WRONG.has(item.kind === 'finding' ? item.what : item.kind)
}

/** @param {number} askedAt */
export function createLayers(askedAt) {
  const reads = createLane(LANES[0])
  const lanes = [reads, ...LANES.slice(1).map((name) => createLane(name))]
  const curves = { bytes: createCurve(), events: createCurve(), tokens: createCurve() }
  const [marks, wrongs] = [createMarks(), createMarks()]
  let firstByte = -1 // of the answer, in the stream of its connection

  /** @param {PageItem} item @param {number} at */
  function place(item, at) {
    if (item.kind === 'read') return item.down && addRead(item.bytes[0] ?? [0, 0], at)
    if (item.kind === 'finding') return item.down && addFinding(item, at)
    const isOfClient = 'down' in item && !item.down
    if (item.kind === 'complete' || item.kind === 'open' || (item.kind === 'fin' && isOfClient)) return
    if (isWrong(item)) wrongs.add(at)
    else marks.add(at)
  }

  /** @param {readonly [number, number]} range @param {number} at */
  function addRead(range, at) {
    if (firstByte < 0) firstByte = range[0]
    curves.bytes.reach(at, range[1] - firstByte)
    const no = reads.length
    reads.add({
      at,
      began: at,
      no,
      kind: 'read',
      text: `${range[1] - range[0]} B`,
      bytes: [range],
      from: -1,
      to: -1,
    })
  }

  /** @param {PageFinding} item @param {number} at */
  function addFinding(item, at) {
    const { what, no, text, adds, bytes, parent } = item
    if (what === 'event' || what === 'line') curves.events.reach(at, no + 1)
    if (what === 'delta' && adds !== '') curves.tokens.reach(at, curves.tokens.total + 1)
    if (WRONG.has(what)) wrongs.add(at)
    const number = LANE_OF.get(what)
    const lane = lanes[number ?? -1]
    if (lane === undefined || number === undefined) return
    const [from, to] = number === 1 ? carriers(bytes) : (lanes[number - 1]?.find(parent) ?? NOBODY)
    const began = Math.min(item.began - askedAt, at)
    lane.add({ at, began, no, kind: what, text: adds ?? text, bytes, from, to })
  }

  /** Which reads brought these bytes. @param {readonly (readonly [number, number])[]} bytes */
  function carriers(bytes) {
    const [first, last] = [bytes[0], bytes.at(-1)]
    if (!first || !last) return NOBODY
    const [from, to] = [reads.withByte(first[0]), reads.withByte(last[1] - 1)]
    return from < 0 || to < 0 ? NOBODY : /** @type {const} */ ([from, to])
  }

  return {
    lanes,
    curves,
    marks,
    wrongs,
    place,
    /** The smallest thing that has a byte of the answer. @param {number} byte @returns {import('./relatives.js').Place | undefined} */
    smallestAt(byte) {
      for (let lane = lanes.length - 1; lane >= 0; lane--) {
        const index = lanes[lane]?.atByte(byte) ?? 0
        const box = lanes[lane]?.boxes[index]
        if (box?.bytes.some(([from, to]) => from <= byte && byte < to)) return [lane, index]
      }
      return undefined
    },
  }
}
