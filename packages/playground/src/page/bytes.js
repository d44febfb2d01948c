// The right-hand column: bytes as they crossed the socket, each run of them in the colour of its layer.

/** How many socket writes the column shows; the oldest go first. */
const ROWS = 2000

/** @param {HTMLElement} root */
export function createBytesView(root) {
  const utf8 = new TextDecoder() // carries a character over when a read cuts it
  let total = 0
  return {
    get total() {
      return total
    },
    clear() {
      root.replaceChildren()
      total = 0
    },
    /** @param {{ at: number, bytes: string, spans: [length: number, layer: string, element: string][] }} event */
    add({ at, bytes, spans }) {
      const raw = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))
      total += raw.length
      const follow = root.scrollHeight - root.scrollTop - root.clientHeight < 40
      root.append(rowOf(at, raw, spans, utf8))
      if (root.childElementCount > ROWS) root.firstElementChild?.remove()
      if (follow) root.scrollTop = root.scrollHeight
    },
  }
}

function rowOf(at, raw, spans, utf8) {
  const row = document.createElement('div')
  row.className = 'read'
  const time = document.createElement('span')
  time.className = 'at'
  time.textContent = `+${at.toFixed(1)} ms`
  time.title = `${raw.length} bytes at once`
  const code = document.createElement('code')
  let start = 0
  for (const [length, layer, element] of spans) {
    const text = utf8.decode(raw.subarray(start, start + length), { stream: true })
    start += length
    const run = document.createElement('span')
    run.className = colourOf(layer, element)
    run.title = `${layer}: ${element}`
    run.textContent = visible(text)
    code.append(run)
  }
  row.append(time, code)
  return row
}

/** CR and LF as their pictures, and the line break that they make. */
function visible(text) {
  return text.replace(/\r/g, '␍').replace(/\n/g, '␊\n').replace(/[\0-\x08\x0b-\x1f\x7f]/g, '·')
}

/** One class a layer; line ends have one of their own wherever they stand. */
function colourOf(layer, element) {
  if (element === 'unreadable') return 'unreadable'
  if (/crlf|(^|-)(cr|lf)$|line-end|blank-line/.test(element)) return 'crlf'
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
