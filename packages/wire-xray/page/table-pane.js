// The boxes of a lane as a table, a hundred at a time: what the pictures show, for who does not see them.
import { counted } from './format.js'
import { cellsOf } from './table-cells.js'

const ROWS = 100

/**
 * @param {{ body: HTMLTableSectionElement, of: HTMLSelectElement, count: HTMLElement, before: HTMLElement, after: HTMLElement }} parts
 * @param {() => import('./state.js').State | undefined} current
 * @param {() => void} onStale
 */
export function createTablePane({ body, of, count, before, after }, current, onStale) {
  let from = 0
  let to = 0
  /** @type {import('./lane.js').Lane | undefined} */
  let shown
  /** @type {HTMLTableRowElement | undefined} */
  let marked

  function draw() {
    const state = current()
    const lane = state?.exchange.lanes[Number(of.value)]
    if (!state || !lane) return
    const start = Math.max(0, Math.min(from, lane.length - ROWS))
    const end = Math.min(lane.length, start + ROWS)
    if (lane !== shown || start !== from || Number(body.dataset['from']) !== start) fill(state, lane, start, start, end)
    else if (end !== to) fill(state, lane, start, to, end)
    mark(state)
    sayHowMany(state, lane)
  }

  /** It grows behind what is seen, too. @param {import('./state.js').State} state @param {import('./lane.js').Lane} lane */
  function sayHowMany({ exchange }, { name, length }) {
    const missing = exchange.summary.leftOut
    const left = missing ? `; ${counted(missing.items, 'item')} in the middle are not kept` : ''
    const words = length === 0 ? `No ${name}.` : `${from + 1} to ${to} of ${counted(length, name.slice(0, -1))}${left}`
    if (count.textContent !== words) count.textContent = words
  }

  /** Rows are made once and written again: what comes adds a row, and only another page writes all of them. @param {import('./state.js').State} state @param {import('./lane.js').Lane} lane @param {number} start @param {number} first @param {number} end */
  function fill({ exchange }, lane, start, first, end) {
    const below = exchange.lanes[Number(of.value) - 1]?.name.slice(0, -1)
    for (let index = first; index < end; index++) {
      const box = lane.boxes[index]
      if (box) write(body.rows[index - start] ?? addRow(), cellsOf(box, index, lane.name.slice(0, -1), below))
    }
    while (body.rows.length > end - start) body.deleteRow(-1)
    body.dataset['from'] = `${start}`
    from = start
    to = end
    shown = lane
  }

  function addRow() {
    const row = body.insertRow()
    for (let n = 0; n < 6; n++) row.insertCell().append('')
    return row
  }

  /** @param {import('./state.js').State} state */
  function mark({ chosen }) {
    const next = chosen?.[0] === Number(of.value) ? body.rows[chosen[1] - from] : undefined
    if (next === marked) return
    if (marked) marked.ariaCurrent = null
    if (next) next.ariaCurrent = 'true'
    marked = next
  }

  /** @param {number} by */
  function turn(by) {
    from += by
    shown = undefined
    onStale()
  }

  of.addEventListener('change', () => {
    from = 0
    turn(0)
  })
  before.addEventListener('click', () => turn(-ROWS))
  after.addEventListener('click', () => turn(ROWS))
  body.addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('tr') : null
    if (row) current()?.choose([Number(of.value), from + row.sectionRowIndex])
  })
  return {
    draw,
    /** @param {import('./relatives.js').Place} place */
    reveal([lane, index]) {
      if (of.value !== `${lane}`) of.value = `${lane}`
      if (index >= from && index < from + ROWS) return
      from = Math.max(0, index - 10)
      shown = undefined
    },
  }
}

/** @param {HTMLTableRowElement} row @param {readonly string[]} texts */
function write(row, texts) {
  for (const [n, text] of texts.entries()) {
    const node = /** @type {Text} */ (row.cells[n]?.firstChild)
    if (node.data !== text) node.data = text
  }
}
