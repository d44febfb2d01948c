// The bytes of the exchange, row by row with their names, around what was chosen.
import { createByteRows } from './byte-rows.js'
import { firstAbove } from './search.js'

/** @typedef {import('../src/web/named-bytes.ts').NamedBytes} NamedBytes */

/**
 * @param {HTMLElement} pane
 * @param {(direction: 'up' | 'down', from: number) => Promise<NamedBytes | undefined>} ask
 * @param {{ onByte: (byte: number) => void, onStale: () => void, onLimit: (size: number | undefined) => void }} listener `onByte`: somebody wants to know
 * what this byte of the answer belongs to; `onLimit`: only so many bytes have names, or there is no such limit
 */
export function createBytesPane(pane, ask, { onByte, onStale, onLimit }) {
  /** @type {'up' | 'down'} */
  let direction = 'down'
  /** @type {readonly import('../src/web/named-bytes.ts').NamedRow[]} */
  let list = []
  /** @type {readonly number[]} */
  let starts = []
  /** @type {readonly (readonly [number, number])[]} */
  let ranges = []
  let isWritten = true
  let isLit = true
  let goesToTop = false
  let asked = 0
  const rows = createByteRows(pane, (byte) => {
    if (direction === 'down') onByte(byte)
  })

  const end = () => (list.at(-1)?.start ?? 0) + (list.at(-1)?.size ?? 0)

  /** @param {number} from */
  async function load(from) {
    const mine = ++asked
    const answer = await ask(direction, from)
    if (mine !== asked) return // somebody has asked for other bytes meanwhile
    list = answer?.rows ?? []
    onLimit(answer?.endsAfter)
    starts = list.map(({ start }) => start)
    isWritten = false
    isLit = false
    onStale()
  }

  /** The rows that have bytes of what was chosen: of each range the first is searched, and not looked for in all of them. */
  function litRows() {
    /** @type {Set<number>} */
    const lit = new Set()
    if (direction === 'up') return lit
    for (const [from, to] of ranges) {
      if (to <= (starts[0] ?? 0)) continue
      if (from >= end()) break
      for (let n = Math.max(0, firstAbove(starts, from) - 1); (starts[n] ?? to) < to; n++) lit.add(n)
    }
    return lit
  }

  return {
    /** @param {readonly (readonly [number, number])[]} next ranges of the answer */
    async show(next) {
      ranges = next
      isLit = false
      const from = next[0]?.[0] ?? 0
      const isHere = next.length > 0 && direction === 'down' && from >= (starts[0] ?? 0) && from < end()
      // Without a choice those that are there may stay: nobody has asked for others.
      if (!isHere && (next.length > 0 || list.length === 0)) await load(from)
    },
    draw() {
      if (!isWritten) rows.write(list)
      if (!isLit) rows.light(litRows())
      isWritten = true
      isLit = true
    },
    /** The last thing of a frame: it asks where rows are. */
    scroll() {
      rows.reveal()
      if (goesToTop) pane.scrollTop = 0
      goesToTop = false
    },
    /** @param {'up' | 'down'} next */
    async turn(next) {
      direction = next
      await load(0)
    },
    get direction() {
      return direction
    },
    async later() {
      if (list.length > 0) await load(end())
      goesToTop = true
    },
    async earlier() {
      await load(Math.max(0, (starts[0] ?? 0) - 2000))
      goesToTop = true
    },
    forget() {
      asked++
      list = []
      starts = []
      ranges = []
      isWritten = false
    },
  }
}
