// How much had come when: a healthy stream is a slope, a buffer makes steps, a stall a flat line. Of two taps the distance
// across is how long it was held, and the one up and down is how much.
import { AXIS, drawAxis, scaleOf } from './axis.js'
import { createSurface, marginOf } from './canvas.js'
import { counted, milliseconds, roundStep } from './format.js'
import { drawHole } from './hole.js'

/** @typedef {'bytes' | 'events' | 'tokens'} Unit */
/** @typedef {import('./canvas.js').Surface} Surface */

/**
 * @param {HTMLCanvasElement} canvas @param {HTMLElement} reading
 * @param {import('./state.js').State} state
 */
export function createStaircase(canvas, reading, state) {
  const surface = createSurface(canvas, draw, { shows, onResize: state.touch })

  /** The amounts of both taps: what comes changes them. */
  function shows() {
    const { time, cursor, unit, pointed, shown, exchange } = state
    return [
      time.start,
      time.end,
      cursor,
      unit,
      pointed,
      exchange.summary.end.kind,
      ...shown.map((one) => one.exchange.items),
    ]
  }

  /** The curves of this exchange and its twin. */
  const curves = () =>
    state.shown.map(({ exchange, shift }) => ({ exchange, curve: exchange.curves[state.unit], shift }))

  /** @param {Surface} surface */
  function draw(surface) {
    const { context, width, height, color } = surface
    const { x, left, right, time } = scaleOf(state.time, width)
    const most = Math.max(1, ...curves().map(({ exchange }) => exchange.mostOf(state.unit)))
    const y = (/** @type {number} */ amount) => height - AXIS - 2 - (amount / most) * (height - AXIS - 12)
    let drawn = drawAxis(surface, state.time) + drawAmounts(surface, most, y)
    context.save()
    context.beginPath()
    context.rect(left, 0, width - left, height - AXIS)
    context.clip()
    drawn += drawHole(surface, state)
    for (const [n, { exchange, curve, shift }] of curves().entries()) {
      const known = exchange.isWhole ? state.cursor : Math.min(state.cursor, exchange.filledTo + shift)
      drawn += drawSteps(
        context,
        { color: color(n === 0 ? 'front' : 'back'), from: left, to: Math.min(right, x(known)), dashed: n > 0 },
        (at) => y(curve.amountAt(time(at) - shift)),
      )
    }
    drawn += drawMarks(surface, x)
    if (state.pointed !== undefined) {
      context.fillStyle = color('accent')
      context.fillRect(Math.round(x(state.pointed)), 0, 1, height - AXIS)
      drawn++
    }
    context.restore()
    return drawn
  }

  /** @param {Surface} surface @param {(at: number) => number} x */
  function drawMarks({ context, width, height, color }, x) {
    const { wrongs, end } = state.exchange
    const wrong = wrongs.pixels(state.time, state.cursor, width)
    context.fillStyle = color('alarm')
    for (const at of wrong) context.fillRect(at - 1, 0, 2, height - AXIS)
    const { kind } = state.exchange.summary.end
    if (kind === 'open' || kind === 'complete' || state.cursor < end) return wrong.length
    context.fillStyle = color('alarm')
    context.textAlign = 'right'
    context.textBaseline = 'top'
    context.fillText(ENDS[kind] ?? kind, Math.max(x(end) - 6, 120), 4)
    return wrong.length + 1
  }

  /** The same in words: what is under the pointer, or at the cursor. */
  function read() {
    const at = state.pointed ?? state.cursor
    const [front, back] = curves()
    if (!front) return
    const amount = front.curve.amountAt(at - front.shift)
    const parts = [`${milliseconds(at)}: ${inUnits(amount, state.unit)}`]
    if (back) {
      const sent = back.curve.amountAt(at - back.shift)
      const sentAt = back.curve.timeOf(Math.max(1, amount))
      const came = front.curve.timeOf(Math.max(1, amount))
      const held = Math.max(0, sent - amount)
      const oldest = back.curve.timeOf(amount + 1)
      const since =
        held > 0 && oldest !== undefined ? `, the first of them for ${milliseconds(at - back.shift - oldest)}` : ''
      parts.push(`held ${inUnits(held, state.unit)}${since}`)
      if (sentAt !== undefined && came !== undefined && amount > 0)
        parts.push(`the last of them was held ${milliseconds(came + front.shift - sentAt - back.shift)}`)
    }
    const sentence = parts.join(' · ')
    if (reading.textContent !== sentence) reading.textContent = sentence
  }

  canvas.addEventListener('pointermove', ({ offsetX }) =>
    state.point(scaleOf(state.time, canvas.clientWidth).time(offsetX)),
  )
  canvas.addEventListener('pointerleave', () => state.point(undefined))
  return { draw: surface.draw, read }
}

/** @type {Readonly<Record<string, string>>} */
const ENDS = {
  cut: 'cut here',
  reset: 'reset here',
  failed: 'broke here',
  unreadable: 'unreadable from here on',
  gap: 'not looked at',
}

/** @param {number} amount @param {Unit} unit */
function inUnits(amount, unit) {
  return counted(amount, unit.slice(0, -1))
}

/** @param {Surface} surface @param {number} most @param {(amount: number) => number} y */
function drawAmounts({ context, width, color }, most, y) {
  const step = Math.max(1, roundStep(most, 4))
  const left = marginOf(width)
  context.fillStyle = color('quiet')
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  let drawn = 0
  for (let amount = 0; amount <= most; amount += step, drawn++) {
    const label = amount >= 1_000_000 ? `${amount / 1_000_000}M` : amount >= 10_000 ? `${amount / 1000}k` : `${amount}`
    context.fillText(label, left - 6, Math.max(8, y(amount)))
  }
  return drawn
}

/**
 * One step a pixel at most, however many reads there were. They are rectangles on whole pixels: the same as a path, whose edges
 * are smoothed, takes six times as long without a graphics card (npm run bench:page).
 * @param {CanvasRenderingContext2D} context @param {{ color: string, from: number, to: number, dashed: boolean }} line @param {(x: number) => number} y
 */
function drawSteps(context, { color, from, to, dashed }, y) {
  if (to <= from) return 0
  context.fillStyle = color
  const pixel = 1 / devicePixelRatio
  const whole = (/** @type {number} */ length) => Math.round(length / pixel) * pixel
  let [left, height] = [whole(from), whole(y(from))]
  let steps = 1
  for (let x = left + pixel; x <= to; x += pixel) {
    const next = whole(y(x))
    if (next === height) continue
    drawLevel(context, left, x, height, dashed)
    context.fillRect(x - 1, Math.min(next, height) - 1, 2, Math.abs(next - height) + 2)
    ;[left, height] = [x, next]
    steps++
  }
  drawLevel(context, left, whole(to), height, dashed)
  return steps
}

const DASH = 5 // pixels, and then a gap
const DASH_AND_GAP = 8

/** Dashes are where they are, whatever is drawn next to them. @param {CanvasRenderingContext2D} context @param {number} from @param {number} to @param {number} y @param {boolean} dashed */
function drawLevel(context, from, to, y, dashed) {
  if (!dashed) return context.fillRect(from, y - 1, to - from, 2)
  for (let x = from - (from % DASH_AND_GAP); x < to; x += DASH_AND_GAP) {
    const left = Math.max(x, from)
    context.fillRect(left, y - 1, Math.max(0, Math.min(x + DASH, to) - left), 2)
  }
}
