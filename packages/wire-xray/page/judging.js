// What the items of an exchange add up to: asked for when they are there, and then now and then, and not for each of them.
import { askJudgement } from './feed.js'

/** Milliseconds between two looks, while it goes on. */
const JUDGED = 1000

/** @param {() => import('./state.js').State | undefined} current @param {(state: import('./state.js').State, judgement: import('./feed.js').Judgement) => void} show */
export function createJudging(current, show) {
  /** @type {WeakSet<import('./state.js').State>} */
  const judged = new WeakSet()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  async function judge() {
    timer = undefined
    const state = current()
    if (!state) return
    judged.add(state)
    const judgement = await askJudgement(state.exchange.summary)
    if (!judgement || state !== current()) return
    show(state, judgement)
    if (judgement.items < state.exchange.items) soon() // the server does not look each time
  }

  function soon() {
    const state = current()
    if (!state) return
    const isFirst = !judged.has(state)
    if (isFirst) clearTimeout(timer)
    else if (timer !== undefined) return
    timer = setTimeout(judge, isFirst ? 0 : JUDGED)
  }

  return { soon }
}
