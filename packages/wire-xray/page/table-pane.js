// The boxes of a lane as a table, a hundred at a time: what the pictures show, for who does not see them.
import { counted, visible } from './format.js'

const ROWS = 100

/**
 * @param {{ body: HTMLElement, of: HTMLSelectElement, count: HTMLElement, before: HTMLElement, after: HTMLElement }} parts
 * @param {() => import('./state.js').State | undefined} current
 */
export function createTablePane({ body, of, count, before, after }, current) {
  let from = 0
  let drawn = ''

  function show() {
    const state = current()
    const lane = state?.exchange.lanes[Number(of.value)]
    if (!state || !lane) return
    from = Math.max(0, Math.min(from, lane.length - 1))
    const to = Math.min(lane.length, from + ROWS)
    const chosen = state.chosen?.[0] === Number(of.value) ? state.chosen[1] : -1
    const key = `${of.value} ${from} ${to} ${chosen} ${state.exchange.summary.number}`
    if (key === drawn) return
    drawn = key
    body.replaceChildren(...lane.boxes.slice(from, to).map((box, n) => rowOf(state, lane, box, from + n)))
    count.textContent =
      lane.length === 0 ? `No ${lane.name}.` : `${from + 1} to ${to} of ${counted(lane.length, lane.name.slice(0, -1))}`
    const missing = state.exchange.summary.leftOut
    if (missing) count.textContent += `; ${counted(missing.items, 'item')} in the middle were let go of`
  }

  /** @param {import('./state.js').State} state @param {import('./lane.js').Lane} lane @param {import('./lane.js').Box} box @param {number} index */
  function rowOf(state, lane, box, index) {
    const row = document.createElement('tr')
    const below = state.exchange.lanes[Number(of.value) - 1]?.name.slice(0, -1)
    const [first, last] = [box.bytes[0], box.bytes.at(-1)]
    const carriers = box.from < 0 || !below ? '' : `${below} ${box.from}${box.to > box.from ? `–${box.to}` : ''}`
    const what = box.kind === lane.name.slice(0, -1) || box.kind === 'delta' ? box.text : `${box.kind}: ${box.text}`
    const cells = [
      `${index}`,
      box.at.toFixed(1),
      (box.at - box.began).toFixed(1),
      visible(what),
      first && last ? `${first[0]}–${last[1]}` : '',
      carriers,
    ]
    for (const text of cells) row.insertCell().textContent = text
    if (state.chosen?.[0] === Number(of.value) && state.chosen[1] === index) row.ariaCurrent = 'true'
    row.addEventListener('click', () => state.choose([Number(of.value), index]))
    return row
  }

  of.addEventListener('change', () => {
    from = 0
    show()
  })
  before.addEventListener('click', () => {
    from -= ROWS
    show()
  })
  after.addEventListener('click', () => {
    from += ROWS
    show()
  })
  return {
    show,
    /** @param {import('./relatives.js').Place} place */
    reveal([lane, index]) {
      of.value = `${lane}`
      if (index < from || index >= from + ROWS) from = Math.max(0, index - 10)
      show()
    },
  }
}
