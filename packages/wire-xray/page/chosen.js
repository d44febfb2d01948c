// What was chosen, and where it is, in a sentence.

import { counted, milliseconds, visible } from './format.js'
import { LANES } from './layers.js'

/** @param {import('./state.js').State} state */
export function sayChosen(state) {
  const { chosen, lit, exchange } = state
  const box = chosen && exchange.lanes[chosen[0]]?.boxes[chosen[1]]
  if (!chosen || !box) return 'Choose a box above, or a row here: what carried it is lit.'
  const name = LANES[chosen[0]]?.slice(0, -1) ?? ''
  const kind = box.kind === name || box.kind === 'delta' ? '' : ` (${box.kind})`
  const took = box.at - box.began
  const when = took > 0 ? `${milliseconds(box.began)} to ${milliseconds(box.at)}` : `at ${milliseconds(box.at)}`
  const others = LANES.flatMap((lane, n) => (n === chosen[0] ? [] : stretchIn(lane, lit[n])))
  const text = visible(box.text).slice(0, 80)
  return [`${name} ${chosen[1]}${kind}: ${text}`, when, ...others].join(' · ')
}

/** @param {string} lane @param {import('./relatives.js').Stretch | undefined} stretch */
function stretchIn(lane, stretch) {
  const [from, to] = stretch ?? [0, -1]
  if (to < from) return []
  const one = lane.slice(0, -1)
  return [to === from ? `${one} ${from}` : counted(to - from + 1, one)]
}
