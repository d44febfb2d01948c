// How one answer looks: its state, its text, its numbers, and the bytes of both responses.
import { createBytesView } from './bytes.js'

/** @typedef {'openai' | 'anthropic'} Wire */
/** @typedef {{ readonly model: string, readonly simulated: boolean }} Target who answers over a wire format */
/** @typedef {'idle' | 'connecting' | 'streaming' | 'complete' | 'stopped' | 'failed'} State */
/** @typedef {ReturnType<typeof createLaneView>} LaneView */

const NAMES = { openai: 'OpenAI', anthropic: 'Anthropic' }
const PATHS = { openai: 'POST /v1/chat/completions', anthropic: 'POST /v1/messages' }
const NUMBERS = ['tokens', 'first', 'rate', 'total']

/**
 * @param {Wire} wire
 * @param {Target | undefined} target
 */
export function createLaneView(wire, target) {
  const root = cloneOf('lane')
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`.${name}`))
  const views = { browser: createBytesView(part('browser')), model: createBytesView(part('model-leg')) }
  /** @type {'browser' | 'model'} */
  let leg = 'browser'
  let url = '/events?prompt=…'

  function label() {
    part('browser').hidden = leg !== 'browser'
    part('model-leg').hidden = leg !== 'model'
    const request = leg === 'browser' ? `GET ${url}` : PATHS[wire]
    part('request').textContent = request
    part('request').title = request
    part('count').textContent = `${views[leg].total.toLocaleString('en')} bytes`
  }

  /** @param {State} state @param {string} text */
  function show(state, text) {
    root.dataset['state'] = state
    part('state').textContent = text
  }

  part('name').textContent = NAMES[wire]
  part('model').textContent = target ? `· ${target.simulated ? 'simulator' : target.model}` : ''
  show('idle', 'Nothing asked yet.')
  label()

  return {
    root,
    show,
    get state() {
      return /** @type {State} */ (root.dataset['state'])
    },
    /** Empties everything for the answer that will come from `next`. @param {string} next */
    clear(next) {
      url = next
      part('answer').replaceChildren()
      views.browser.clear()
      views.model.clear()
      for (const name of NUMBERS) part(name).textContent = '–'
      label()
    },
    /** Adds to the answer, and scrolls along unless the reader has scrolled back. @param {string} text @param {string} kind */
    write(text, kind) {
      const answer = part('answer')
      const follow = answer.scrollHeight - answer.scrollTop - answer.clientHeight < 40
      const span = document.createElement('span')
      span.className = kind
      span.textContent = text
      answer.append(span)
      if (follow) answer.scrollTop = answer.scrollHeight
    },
    /** @param {'tokens' | 'first' | 'rate' | 'total'} name @param {string} value */
    number(name, value) {
      part(name).textContent = value
    },
    /** @param {'browser' | 'model'} next whose bytes to show */
    showLeg(next) {
      leg = next
      label()
    },
    /** @param {import('./bytes.js').WireEvent} event */
    bytes(event) {
      views[event.leg].add(event)
      label()
    },
  }
}

/** @param {string} id of a template with one element in it */
function cloneOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id))
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
}
