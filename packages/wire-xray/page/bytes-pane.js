// The bytes of the exchange, row by row with their names, around what was chosen.
import { visible } from './format.js'

/** @typedef {import('../src/web/named-bytes.ts').NamedBytes} NamedBytes */
/** @typedef {import('../src/web/named-bytes.ts').NamedRow} NamedRow */

/**
 * @param {HTMLElement} rows
 * @param {(direction: 'up' | 'down', from: number) => Promise<NamedBytes | undefined>} ask
 * @param {(byte: number) => void} onByte somebody wants to know what this byte of the answer belongs to
 */
export function createBytesPane(rows, ask, onByte) {
  /** @type {'up' | 'down'} */
  let direction = 'down'
  /** @type {NamedBytes | undefined} */
  let shown
  /** @type {readonly (readonly [number, number])[]} */
  let lit = []
  let asked = 0

  /** @param {number} from */
  async function load(from) {
    const mine = ++asked
    const answer = await ask(direction, from)
    if (mine !== asked) return // somebody has asked for other bytes meanwhile
    shown = answer
    const list = answer?.rows.map(rowOf) ?? []
    rows.replaceChildren(...(list.length > 0 ? list : [nothing()]))
    light()
  }

  function nothing() {
    const sentence = document.createElement('p')
    sentence.textContent = 'No bytes are kept of this.'
    return sentence
  }

  /** @param {NamedRow} row */
  function rowOf({ start, layer, element, b64, size }) {
    const bytes = Array.from(atob(b64), (char) => char.charCodeAt(0))
    const row = document.createElement('button')
    row.type = 'button'
    row.className = `row ${layer}`
    row.tabIndex = -1
    row.dataset['start'] = `${start}`
    row.dataset['end'] = `${start + size}`
    const hex = bytes.slice(0, 8).map((byte) => byte.toString(16).padStart(2, '0'))
    const rest = size > bytes.length ? '…' : ''
    const cells = [
      start.toString(16).padStart(6, '0'),
      `${hex.join(' ')}${size > 8 ? ' …' : ''}`,
      `${visible(textOf(bytes))}${rest}`,
      `${layer} ${element}${size > 8 ? `, ${size} B` : ''}`,
    ]
    row.append(...cells.map(cellOf))
    if (direction === 'down') row.addEventListener('click', () => onByte(start))
    return row
  }

  /** Lights the rows that have bytes of what was chosen, and brings the first into view. */
  function light() {
    let first
    for (const row of rows.querySelectorAll('button')) {
      const [start, end] = [Number(row.dataset['start']), Number(row.dataset['end'])]
      const isLit = direction === 'down' && lit.some(([from, to]) => from < end && to > start)
      row.classList.toggle('lit', isLit)
      if (isLit) first ??= row
    }
    if (first) rows.scrollTop = first.offsetTop - rows.offsetTop - rows.clientHeight / 3
  }

  return {
    /** @param {readonly (readonly [number, number])[]} ranges of the answer */
    async show(ranges) {
      lit = ranges
      const from = ranges[0]?.[0] ?? 0
      const last = shown?.rows.at(-1)
      const [begin, end] = [shown?.rows[0]?.start ?? 0, last ? last.start + last.size : 0]
      if (ranges.length > 0 && direction === 'down' && from >= begin && from < end) light()
      else await load(from)
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
      const last = shown?.rows.at(-1)
      if (last) await load(last.start + last.size)
      rows.scrollTop = 0
    },
    async earlier() {
      await load(Math.max(0, (shown?.rows[0]?.start ?? 0) - 2000))
      rows.scrollTop = 0
    },
    forget() {
      shown = undefined
      lit = []
      rows.replaceChildren()
    },
  }
}

/** @param {string} text */
function cellOf(text) {
  const cell = document.createElement('span')
  cell.textContent = text
  return cell
}

/** Bytes that are no text of their own are drawn as such. @param {readonly number[]} bytes */
function textOf(bytes) {
  return new TextDecoder().decode(Uint8Array.from(bytes)).replaceAll('\ufffd', '▒')
}
