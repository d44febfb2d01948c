// Rows of bytes. They are made once: other bytes are other words in the same rows. They stand in tens: the browser leaves out
// those that are out of sight, and has twenty to look after and not two hundred (npm run bench:page).
import { visible } from './format.js'

/** @typedef {import('../src/web/named-bytes.ts').NamedRow} NamedRow */

/** @param {HTMLElement} pane @param {(byte: number) => void} onByte */
export function createByteRows(pane, onByte) {
  const nothing = document.createElement('p')
  nothing.textContent = 'No bytes are kept of this.'
  /** @type {HTMLElement[]} */
  const rows = []
  /** @type {HTMLElement[]} */
  const tens = []
  /** @type {readonly NamedRow[]} */
  let written = []
  /** @type {ReadonlySet<number>} */
  let lit = new Set()
  let isRevealed = true

  pane.addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('button') : null
    const start = row && written[rows.indexOf(row)]?.start
    if (start !== null && start !== undefined) onByte(start)
  })

  return {
    /** @param {readonly NamedRow[]} list */
    write(list) {
      for (const n of lit) rows[n]?.classList.remove('lit')
      lit = new Set()
      written = list
      while (rows.length < list.length) rows.push(newRow())
      for (const [n, row] of list.entries()) fill(/** @type {HTMLElement} */ (rows[n]), row)
      if (list.length === 0) pane.replaceChildren(nothing)
      else nothing.remove()
      while (tens.length * 10 < list.length) tens.push(newTen())
      for (const [n, row] of rows.entries()) {
        if (n >= list.length) row.remove()
        else if (!row.parentElement) tens[Math.floor(n / 10)]?.append(row)
      }
      for (const [n, ten] of tens.entries()) {
        if (n * 10 >= list.length) ten.remove()
        else if (!ten.parentElement) pane.append(ten)
      }
    },
    /** @param {ReadonlySet<number>} next */
    light(next) {
      for (const n of lit) if (!next.has(n)) rows[n]?.classList.remove('lit')
      for (const n of next) if (!lit.has(n)) rows[n]?.classList.add('lit')
      lit = next
      isRevealed = lit.size === 0
    },
    /** Brings the first that is lit into view, unless it is. */
    reveal() {
      if (isRevealed) return
      isRevealed = true
      const [first = 0] = lit
      const row = rows[first]
      if (!row) return
      const [box, frame] = [row.getBoundingClientRect(), pane.getBoundingClientRect()]
      if (box.top >= frame.top && box.bottom <= frame.bottom) return
      pane.scrollTop += box.top - frame.top - pane.clientHeight / 3
    },
  }
}

function newTen() {
  const ten = document.createElement('div')
  ten.className = 'ten'
  return ten
}

function newRow() {
  const row = document.createElement('button')
  row.type = 'button'
  row.tabIndex = -1
  for (let n = 0; n < 4; n++) row.appendChild(document.createElement('span')).append('')
  return row
}

/** @param {HTMLElement} row @param {NamedRow} named */
function fill(row, { start, layer, element, b64, size }) {
  const bytes = Array.from(atob(b64), (char) => char.charCodeAt(0))
  const hex = bytes.slice(0, 8).map((byte) => byte.toString(16).padStart(2, '0'))
  const rest = size > bytes.length ? '…' : ''
  const texts = [
    start.toString(16).padStart(6, '0'),
    `${hex.join(' ')}${size > 8 ? ' …' : ''}`,
    `${visible(textOf(bytes))}${rest}`,
    `${layer} ${element}${size > 8 ? `, ${size} B` : ''}`,
  ]
  const name = `row ${layer}`
  if (row.className !== name) row.className = name
  for (const [n, text] of texts.entries()) {
    const node = /** @type {Text} */ (row.children[n]?.firstChild)
    if (node.data !== text) node.data = text
  }
}

/** Bytes that are no text of their own are drawn as such. @param {readonly number[]} bytes */
function textOf(bytes) {
  return new TextDecoder().decode(Uint8Array.from(bytes)).replaceAll('\ufffd', '▒')
}
