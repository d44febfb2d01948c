// Reads, chunks, events and tokens as boxes on one time axis, joined by threads: what carried what.
import { AXIS, drawAxis, scaleOf } from './axis.js'
import { createSurface, marginOf } from './canvas.js'
import { visible } from './format.js'
import { drawHole } from './hole.js'
import { firstAbove, firstFrom } from './search.js'

/** @typedef {import('./canvas.js').Surface} Surface */
/** @typedef {import('./lane.js').Lane} Lane */
/** @typedef {{ x1: number, x2: number, from: number, to: number }} Group boxes that are drawn as one: places in the lane, `to` excluded */

const NARROWEST = 4 // pixels of a box
const COLORS = ['front', 'size', 'sse', 'delta']

/** @param {HTMLCanvasElement} canvas @param {import('./state.js').State} state */
export function createLanes(canvas, state) {
  const surface = createSurface(canvas, draw, {
    shows: () => [state.time.start, state.time.end, state.cursor, state.exchange.items, state.lit, state.chosen],
    onResize: state.touch,
  })

  /** @param {Surface} surface */
  function draw(surface) {
    const { context, width, height, color } = surface
    const { lanes } = state.exchange
    const room = (height - AXIS) / lanes.length
    let drawn = drawAxis(surface, state.time)
    context.save()
    context.beginPath()
    context.rect(marginOf(width), 0, width - marginOf(width), height)
    context.clip()
    drawn += drawHole(surface, state)
    for (const [n, lane] of lanes.entries()) {
      const groups = groupsOf(lane, state.time, state.cursor, width)
      const top = n * room + room * 0.22
      const box = { top, height: room * 0.56, color: color(COLORS[n] ?? 'quiet') }
      const isDense = groups.length * DENSE > width
      for (const group of groups) {
        if (!isDense || isLit(n, group)) drawn += drawThreads(surface, n, group, top, room)
        drawn += drawGroup(surface, n, group, box)
      }
      drawn += drawLabels(surface, lane, groups, top + box.height / 2)
    }
    drawn += drawMarks(surface)
    context.restore()
    drawNames(surface, lanes, room)
    return drawn + lanes.length
  }

  /** @param {number} n @param {{ from: number, to: number }} group */
  function isLit(n, { from, to }) {
    const [first, last] = state.lit[n] ?? [0, -1]
    return first < to && last >= from
  }

  /** @param {Surface} surface @param {number} n @param {Group} group @param {{ top: number, height: number, color: string }} box */
  function drawGroup({ context, color }, n, { x1, x2, from, to }, box) {
    const lit = isLit(n, { from, to })
    context.globalAlpha = state.chosen && !lit ? 0.35 : 1
    context.fillStyle = lit ? color('accent') : box.color
    const parts = Math.min(to - from, PARTS)
    const part = box.height / parts
    const [left, right] = [Math.round(x1), Math.round(x2)]
    for (let p = 0; p < parts; p++) {
      const top = Math.round(box.top + p * part)
      const bottom = Math.round(box.top + (p + 1) * part) - (parts > 1 ? 1 : 0)
      context.fillRect(left, top, right - left, Math.max(1, bottom - top))
    }
    context.globalAlpha = 1
    return parts
  }

  /** To the first and the last box that carried it. @param {Surface} surface @param {number} n @param {Group} group @param {number} top @param {number} room */
  function drawThreads({ context, width, color }, n, group, top, room) {
    const [lane, below] = [state.exchange.lanes[n], state.exchange.lanes[n - 1]]
    const first = below?.boxes[lane?.boxes[group.from]?.from ?? -1]
    const last = below?.boxes[lane?.boxes[group.to - 1]?.to ?? -1]
    if (!first || !last) return 0
    const { x } = scaleOf(state.time, width)
    const middle = Math.round((group.x1 + group.x2) / 2)
    const ends = [...new Set([Math.round(x(first.at)), Math.round(x(last.at))])]
    context.strokeStyle = isLit(n, group) ? color('accent') : color('thread')
    context.lineWidth = 1
    for (const end of ends) {
      context.beginPath()
      context.moveTo(end + NARROWEST / 2, top - room * 0.44)
      context.lineTo(middle, top)
      context.stroke()
    }
    return ends.length
  }

  /** @param {Surface} surface */
  function drawMarks({ context, width, height, color }) {
    const { marks, wrongs } = state.exchange
    const quiet = marks.pixels(state.time, state.cursor, width)
    context.fillStyle = color('quiet')
    for (const x of quiet) context.fillRect(x, 0, 1, height - AXIS)
    const wrong = wrongs.pixels(state.time, state.cursor, width)
    context.fillStyle = color('alarm')
    for (const x of wrong) context.fillRect(x, 0, 2, height - AXIS)
    return quiet.length + wrong.length
  }

  followPointer(canvas, state)
  return surface
}

/** @param {HTMLCanvasElement} canvas @param {import('./state.js').State} state */
function followPointer(canvas, state) {
  /** The box under the pointer: the nearest of the lane. @param {{ offsetX: number, offsetY: number }} event @returns {readonly [number, number] | undefined} */
  function boxAt({ offsetX, offsetY }) {
    const { lanes } = state.exchange
    const n = Math.floor((offsetY / (canvas.clientHeight - AXIS)) * lanes.length)
    const lane = lanes[n]
    if (!lane) return undefined
    const { time, x } = scaleOf(state.time, canvas.clientWidth)
    const near = firstFrom(lane.ends, time(offsetX - NARROWEST))
    const box = lane.boxes[near]
    return box && x(box.began) <= offsetX + NEAR && box.at <= state.cursor ? [n, near] : undefined
  }

  let dragged = 0
  let moved = 0
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId)
    moved = 0
    dragged = event.offsetX
  })
  canvas.addEventListener('pointermove', (event) => {
    const { time } = scaleOf(state.time, canvas.clientWidth)
    if (event.buttons !== 1) return state.hover(boxAt(event), time(event.offsetX))
    moved += Math.abs(event.offsetX - dragged)
    state.time.move(time(dragged) - time(event.offsetX))
    dragged = event.offsetX
  })
  canvas.addEventListener('pointerleave', () => state.hover(undefined, undefined))
  canvas.addEventListener('click', (event) => {
    if (moved < 4) state.choose(boxAt(event))
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.shiftKey) return // the page scrolls
      event.preventDefault()
      state.time.zoom(event.deltaY < 0 ? 1.25 : 0.8, scaleOf(state.time, canvas.clientWidth).time(event.offsetX))
    },
    { passive: false },
  )
}

const DENSE = 10 // pixels for a thread: where boxes are closer, only those that are lit have one
const PARTS = 6 // stripes of what came together
const NEAR = 6

/**
 * What is drawn of a lane: as many groups as there is room for, found by jumping from pixel to pixel.
 * @param {Lane} lane @param {{ start: number, end: number }} time @param {number} cursor @param {number} width @returns {readonly Group[]}
 */
export function groupsOf(lane, time, cursor, width) {
  const { x, time: timeAt, left, right } = scaleOf(/** @type {any} */ (time), width)
  const limit = firstAbove(lane.ends, cursor)
  /** @type {Group[]} */
  const groups = []
  let from = firstFrom(lane.ends, time.start)
  while (from < limit) {
    const box = /** @type {import('./lane.js').Box} */ (lane.boxes[from])
    if (x(box.began) > right) break
    const x1 = Math.max(left, x(box.began), (groups.at(-1)?.x2 ?? left - 1) + 1)
    const x2 = Math.max(x1 + NARROWEST, x(box.at))
    const to = Math.min(limit, Math.max(from + 1, firstAbove(lane.ends, timeAt(x2))))
    groups.push({ x1, x2, from, to })
    from = to
  }
  return groups
}

/** @param {Surface} surface @param {Lane} lane @param {readonly Group[]} groups @param {number} y */
function drawLabels({ context, width, color }, lane, groups, y) {
  context.fillStyle = color('ink')
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  let drawn = 0
  for (const [n, { x2, from, to }] of groups.entries()) {
    const room = (groups[n + 1]?.x1 ?? width) - x2 - 6
    if (room < 18) continue
    const label = to - from > 1 ? `×${to - from}` : labelOf(lane.boxes[from])
    const fits = Math.floor(room / 7)
    if (label === '' || fits < 2) continue
    context.fillText(label.length > fits ? `${label.slice(0, fits - 1)}…` : label, x2 + 3, y)
    drawn++
  }
  return drawn
}

/** @param {import('./lane.js').Box | undefined} box */
function labelOf(box) {
  return box ? visible(box.text).slice(0, 60) : ''
}

/** @param {Surface} surface @param {readonly Lane[]} lanes @param {number} room */
function drawNames({ context, width, color }, lanes, room) {
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  context.fillStyle = color('quiet')
  for (const [n, { name }] of lanes.entries()) context.fillText(name, marginOf(width) - 6, (n + 0.5) * room)
}
