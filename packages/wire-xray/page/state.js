// What the panes show, and what they tell each other. It knows nothing of the page's elements.
import { relativesOf } from './relatives.js'
import { createTimeWindow } from './time-window.js'

/** @typedef {import('./exchange.js').Exchange} Exchange */
/** @typedef {import('./relatives.js').Place} Place */
/** @typedef {ReturnType<typeof createState>} State */

/** @param {Exchange} exchange @param {{ onDraw: () => void, onChoose: () => void }} listener */
export function createState(exchange, { onDraw, onChoose }) {
  /** @type {readonly { exchange: Exchange, shift: number }[]} the exchange, and its twin at the other tap */
  let shown = [{ exchange, shift: 0 }]
  /** @type {'bytes' | 'events' | 'tokens'} */
  let unit = 'bytes'
  /** @type {Place | undefined} */
  let chosen
  /** @type {Place | undefined} */
  let hovered
  /** @type {readonly import('./relatives.js').Stretch[]} */
  let lit = []
  /** @type {number | undefined} */
  let pointed
  /** @type {number | undefined} a replay stands there; without one the end is shown */
  let stopped
  const time = createTimeWindow(onDraw)

  function light() {
    const place = hovered ?? chosen
    lit = place ? relativesOf(exchange.lanes, place) : []
    onDraw()
  }

  return {
    exchange,
    time,
    /** Something that is shown has changed. */
    touch: onDraw,
    get shown() {
      return shown
    },
    /** @param {Exchange} twin @param {number} shift */
    join(twin, shift) {
      shown = [
        { exchange, shift: 0 },
        { exchange: twin, shift },
      ]
      this.grow()
    },
    /** More has come. */
    grow() {
      time.grow(this.end)
      onDraw()
    },
    get end() {
      return Math.max(1, ...shown.map(({ exchange: one, shift }) => one.end + shift))
    },
    get unit() {
      return unit
    },
    set unit(next) {
      unit = next
      onDraw()
    },
    get cursor() {
      return stopped ?? this.end
    },
    get atEnd() {
      return stopped === undefined
    },
    /** @param {number} at a time, or what is behind the end for the end */
    seek(at) {
      stopped = at >= this.end ? undefined : Math.max(0, at)
      onDraw()
    },
    get pointed() {
      return pointed
    },
    /** @param {number | undefined} at */
    point(at) {
      pointed = at === undefined ? undefined : Math.max(0, at)
      onDraw()
    },
    get chosen() {
      return chosen
    },
    get lit() {
      return lit
    },
    /** @param {Place | undefined} place @param {number | undefined} at */
    hover(place, at) {
      pointed = at
      if (hovered?.[0] === place?.[0] && hovered?.[1] === place?.[1]) return onDraw()
      hovered = place
      light()
    },
    /** @param {Place | undefined} place */
    choose(place) {
      chosen = place
      hovered = undefined
      const box = place && exchange.lanes[place[0]]?.boxes[place[1]]
      if (box) {
        if (box.at > this.cursor) this.seek(Number.POSITIVE_INFINITY)
        time.reveal(box.began, box.at)
      }
      light()
      onChoose()
    },
  }
}
