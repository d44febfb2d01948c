// How one answer looks: its state, its text, its numbers, and the bytes of both responses.
import { createBytesView } from './bytes.js'
import { followEnd } from './follow.js'
import { cloneOf } from './template.js'

/** @typedef {'openai' | 'anthropic'} Wire */
/** @typedef {'browser' | 'model'} Leg */
/** @typedef {'idle' | 'connecting' | 'streaming' | 'complete' | 'stopped' | 'failed'} State */
/** @typedef {'deltas' | 'tokens' | 'first' | 'rate' | 'time'} NumberName */
/** @typedef {ReturnType<typeof createLaneView>} LaneView */

export const NAMES = { openai: 'OpenAI', anthropic: 'Anthropic' }
const PATHS = { openai: 'POST /v1/chat/completions', anthropic: 'POST /v1/messages' }

/** @param {Wire} wire */
export function createLaneView(wire) {
  const root = cloneOf('lane')
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`.${name}`))
  const answer = part('answer')
  const answerEnd = followEnd(answer)
  const views = { browser: createBytesView(part('browser')), model: createBytesView(part('model-leg')) }
  /** @type {Leg} */
  let leg = 'browser'
  let url = '/events?prompt=…'

  function label() {
    const request = leg === 'browser' ? `GET ${url}` : PATHS[wire]
    part('request').textContent = request
    part('request').title = request
    part('count').textContent = `${views[leg].total.toLocaleString('en')} bytes`
  }

  part('name').textContent = NAMES[wire]
  root.dataset['state'] = 'idle'
  label()

  return {
    root,
    get state() {
      return /** @type {State} */ (root.dataset['state'])
    },
    /** @param {State} state @param {string} text */
    show(state, text) {
      root.dataset['state'] = state
      part('state').textContent = text
    },
    /** @param {string} model who answers */
    model(model) {
      part('model').textContent = `· ${model}`
    },
    /** Empties everything for the answer that will come from `next`. @param {string} next */
    clear(next) {
      url = next
      answer.replaceChildren()
      answerEnd.reset()
      views.browser.clear()
      views.model.clear()
      for (const number of root.querySelectorAll('.numbers dd')) number.textContent = '–'
      label()
    },
    /** @param {string} text @param {string} kind */
    write(text, kind) {
      const span = document.createElement('span')
      span.className = kind
      span.textContent = text
      answer.append(span)
      answerEnd.update()
    },
    /** @param {NumberName} name @param {string} value */
    number(name, value) {
      part(name).textContent = value
    },
    /** @param {Leg} next whose bytes to show */
    showLeg(next) {
      leg = next
      views.browser.show(leg === 'browser')
      views.model.show(leg === 'model')
      label()
    },
    /** @param {import('./bytes.js').WireEvent} event */
    bytes(event) {
      views[event.leg].add(event)
      label()
    },
  }
}
