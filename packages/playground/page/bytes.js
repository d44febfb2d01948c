// The right-hand column: bytes as they crossed the socket, each stretch of them in the colour of its layer.
import { visible } from './escapes.js'
import { followEnd } from './follow.js'

/** How many socket writes the column shows; the oldest go first. */
const ROWS = 2000

/** What the x-ray calls the end of a line, on any layer. */
const LINE_ENDS = new Set(['crlf', 'end-of-line', 'blank-line', 'empty-line'])

/**
 * Bytes that crossed one socket at one time: what src/wire.ts sends.
 *
 * @typedef {object} WireEvent
 * @property {import('./lane-view.js').Leg} leg
 * @property {number} line which connection of this leg, counted from 1
 * @property {number} at milliseconds since the run began
 * @property {string} bytes in base64
 * @property {[length: number, layer: string, element: string][]} spans
 */

/**
 * What happened between two bytes: what src/run.ts sends.
 *
 * @typedef {object} Mark
 * @property {import('./lane-view.js').Leg} leg
 * @property {number} at milliseconds since the run began
 * @property {'cut' | 'resumed' | 'request' | 'failure'} kind
 * @property {string} text
 */

/** @param {HTMLElement} root */
export function createBytesView(root) {
  /** One a connection: it carries a character over when a read cuts it. @type {Map<number, TextDecoder>} */
  const decoders = new Map()
  let total = 0
  const end = followEnd(root)

  /** @param {number} line */
  function decoderOf(line) {
    const decoder = decoders.get(line) ?? new TextDecoder()
    decoders.set(line, decoder)
    return decoder
  }
  /** @param {HTMLElement} row */
  function append(row) {
    root.append(row)
    if (root.childElementCount > ROWS) root.firstElementChild?.remove()
    end.update()
  }

  return {
    get total() {
      return total
    },
    clear() {
      root.replaceChildren()
      end.reset()
      decoders.clear()
      total = 0
    },
    /** @param {WireEvent} event */
    add({ line, at, bytes, spans }) {
      const raw = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))
      total += raw.length
      append(rowOf(at, raw, spans, decoderOf(line)))
    },
    /** @param {Mark} mark */
    mark({ at, kind, text }) {
      const row = emptyRow(at, `read mark ${kind}`)
      row.lastElementChild?.append(visible(text))
      append(row)
    },
    /** @param {boolean} now */
    show(now) {
      root.hidden = !now
      if (now) end.show()
    },
  }
}

/**
 * @param {number} at
 * @param {Uint8Array} raw
 * @param {WireEvent['spans']} spans
 * @param {TextDecoder} utf8
 */
function rowOf(at, raw, spans, utf8) {
  const row = emptyRow(at, 'read')
  row.title = `${raw.length} bytes at once`
  let start = 0
  for (const [length, layer, element] of spans) {
    const stretch = document.createElement('span')
    stretch.className = colourOf(layer, element)
    stretch.title = `${layer}: ${element}`
    stretch.textContent = visible(utf8.decode(raw.subarray(start, start + length), { stream: true }))
    start += length
    row.lastElementChild?.append(stretch)
  }
  return row
}

/** @param {number} at @param {string} className */
function emptyRow(at, className) {
  const row = document.createElement('div')
  row.className = className
  const time = document.createElement('span')
  time.className = 'at'
  time.textContent = `+${at.toFixed(1)} ms`
  row.append(time, document.createElement('code'))
  return row
}

/**
 * One class a layer; line ends have one of their own wherever they stand.
 *
 * @param {string} layer
 * @param {string} element
 */
function colourOf(layer, element) {
  if (element === 'unreadable') return 'unreadable'
  if (LINE_ENDS.has(element)) return 'crlf'
  switch (layer) {
    case 'http':
      return 'head'
    case 'chunked':
      return 'size'
    case 'sse':
      return 'sse'
    case 'llm':
      return element === 'delta' ? 'delta' : 'json'
    default:
      return 'json'
  }
}
