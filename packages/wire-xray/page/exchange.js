// One exchange as the panes draw it: lanes of boxes, curves, and marks. Times count from when it was asked.
import { createCurve } from './curve.js'
import { createLane } from './lane.js'
import { createMarks } from './marks.js'

/** @typedef {import('../src/web/page-item.ts').PageItem} PageItem */
/** @typedef {import('../src/web/page-item.ts').PageFinding} PageFinding */
/** @typedef {import('../src/web/page-exchange.ts').WholeExchange} WholeExchange */
/** @typedef {ReturnType<typeof createExchange>} Exchange */

/** From the socket up. */
export const LANES = /** @type {const} */ (['reads', 'chunks', 'events', 'tokens'])

/** Which lane has findings of a kind; the others are marks, or of the request. */
const LANE_OF = new Map(
  Object.entries({ head: 1, interim: 1, chunk: 1, 'last-chunk': 1, trailers: 1 })
    .concat(Object.entries({ event: 2, line: 2, comment: 2, retry: 2, unfinished: 2, opaque: 2 }))
    .concat(Object.entries({ delta: 3, stop: 3, usage: 3, done: 3, failure: 3 })),
)

const WRONG = new Set(['error', 'reset', 'gap', 'failure', 'unfinished'])

/** @param {WholeExchange} whole */
export function createExchange(whole) {
  const { askedAt } = whole.exchange
  const reads = createLane(LANES[0])
  const lanes = [reads, ...LANES.slice(1).map((name) => createLane(name))]
  const curves = { bytes: createCurve(), events: createCurve(), tokens: createCurve() }
  const [marks, wrongs] = [createMarks(), createMarks()]
  let items = 0
  /** @type {number} */
  let end = 0

  /** @param {PageItem} item */
  function add(item) {
    const at = item.at - askedAt
    end = Math.max(end, at)
    items++
    place(item, at)
  }

  /** @param {PageItem} item @param {number} at */
  function place(item, at) {
    if (item.kind === 'read') return item.down && addRead(item.bytes[0] ?? [0, 0], at)
    if (item.kind === 'finding') return item.down && addFinding(item, at)
    const isOfClient = 'down' in item && !item.down
    if (item.kind === 'complete' || item.kind === 'open' || (item.kind === 'fin' && isOfClient)) return
    if (WRONG.has(item.kind)) wrongs.add(at)
    else marks.add(at)
  }

  /** @param {readonly [number, number]} range @param {number} at */
  function addRead(range, at) {
    curves.bytes.add(at, range[1] - range[0])
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
    if (what === 'event' || what === 'line') curves.events.add(at, 1)
    if (what === 'delta' && adds !== '') curves.tokens.add(at, 1)
    if (WRONG.has(what)) wrongs.add(at)
    const number = LANE_OF.get(what)
    const lane = lanes[number ?? -1]
    if (lane === undefined || number === undefined) return
    const [from, to] = number === 1 ? carriers(bytes) : (lanes[number - 1]?.find(parent) ?? [-1, -1])
    const began = Math.min(item.began - askedAt, at)
    lane.add({ at, began, no, kind: what, text: adds ?? text, bytes, from, to })
  }

  /** Which reads brought these bytes. @param {readonly (readonly [number, number])[]} bytes */
  function carriers(bytes) {
    const [first, last] = [bytes[0], bytes.at(-1)]
    if (!first || !last) return /** @type {const} */ ([-1, -1])
    return /** @type {const} */ ([reads.atByte(first[0]), reads.atByte(last[1] - 1)])
  }

  for (const item of whole.list) add(item)
  return {
    summary: whole.exchange,
    judgement: whole,
    lanes,
    curves,
    marks,
    wrongs,
    get items() {
      return items
    },
    add,
    /** The smallest thing that has a byte of the answer. @param {number} byte @returns {import('./relatives.js').Place | undefined} */
    smallestAt(byte) {
      for (let lane = lanes.length - 1; lane >= 0; lane--) {
        const index = lanes[lane]?.atByte(byte) ?? 0
        const box = lanes[lane]?.boxes[index]
        if (box?.bytes.some(([from, to]) => from <= byte && byte < to)) return [lane, index]
      }
      return undefined
    },
    get end() {
      return end
    },
  }
}
