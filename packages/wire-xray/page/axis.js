// The time axis below both pictures.
import { marginOf } from './canvas.js'
import { roundStep } from './format.js'

export const AXIS = 20 // pixels high

/** Where a time is, in pixels, and back. @param {import('./time-window.js').TimeWindow} time @param {number} width */
export function scaleOf({ start, end }, width) {
  const left = marginOf(width)
  const perMillisecond = (width - left - 8) / (end - start)
  return {
    left,
    right: width - 8,
    x: (/** @type {number} */ at) => left + (at - start) * perMillisecond,
    time: (/** @type {number} */ x) => start + (x - left) / perMillisecond,
  }
}

/** @param {import('./canvas.js').Surface} surface @param {import('./time-window.js').TimeWindow} time */
export function drawAxis({ context, width, height, color }, time) {
  const { x, right } = scaleOf(time, width)
  const step = roundStep(time.end - time.start, width / 90)
  const inSeconds = time.end >= 10_000 && step >= 100
  const digits = Math.max(0, -Math.floor(Math.log10(inSeconds ? step / 1000 : step)))
  let drawn = 0
  context.textAlign = 'center'
  context.textBaseline = 'bottom'
  for (let at = Math.ceil(time.start / step) * step; x(at) <= right; at += step) {
    context.fillStyle = color('line')
    context.fillRect(Math.round(x(at)), 0, 1, height - AXIS)
    context.fillStyle = color('quiet')
    const label = (inSeconds ? at / 1000 : at).toFixed(digits)
    context.fillText(
      `${label}${drawn === 0 ? (inSeconds ? ' s' : ' ms') : ''}`,
      Math.min(x(at), width - 16),
      height - 2,
    )
    drawn++
  }
  return drawn
}
