// Where there were too many items to keep: both pictures show that something is missing, and how much.
import { AXIS, scaleOf } from './axis.js'
import { counted } from './format.js'

const ROOM = 170 // pixels for the words

/** @param {import('./canvas.js').Surface} surface @param {import('./state.js').State} state */
export function drawHole({ context, width, height, color }, { exchange, time, cursor }) {
  const { hole, summary } = exchange
  if (!hole || !summary.leftOut) return 0
  const { x, left, right } = scaleOf(time, width)
  const from = Math.max(left, Math.round(x(hole.from)))
  const to = Math.min(right, Math.round(x(Math.min(hole.to, cursor))))
  if (to <= from) return 0
  context.fillStyle = color('line')
  context.fillRect(from, 0, to - from, height - AXIS)
  if (to - from < ROOM) return 1
  context.fillStyle = color('quiet')
  context.textAlign = 'center'
  context.textBaseline = 'top'
  context.fillText(`${counted(summary.leftOut.items, 'item')} not kept`, (from + to) / 2, 6)
  return 2
}
