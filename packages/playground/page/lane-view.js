// How one answer looks: its state, its text, its numbers, and the bytes of both responses.
import { createBytesView } from './bytes.js'
import { followEnd } from './follow.js'
import { cloneOf } from './template.js'

/** @typedef {'browser' | 'model'} Leg */
/** @typedef {'idle' | 'connecting' | 'streaming' | 'complete' | 'stopped' | 'failed'} State */
/** @typedef {'pieces' | 'tokens' | 'first' | 'rate' | 'time' | 'burst' | 'wire-bytes' | 'overhead'} NumberName */
/** @typedef {ReturnType<typeof createLaneView>} LaneView */

/** @param {string} name what the wire format is called */
export function createLaneView(name) {
  const root = cloneOf('lane')
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`.${name}`))
  const answer = part('answer')
  const answerEnd = followEnd(answer)
  const views = { browser: createBytesView(part('browser')), model: createBytesView(part('model-leg')) }
  /** @type {Leg} */
  let leg = 'browser'
  const requests = { browser: 'GET /events?prompt=…', model: 'POST …' }

  function label() {
    part('request').textContent = requests[leg]
    part('request').title = requests[leg]
    const whose = leg === 'browser' ? 'to this page' : 'of the model’s response'
    part('count').textContent = `${views[leg].total.toLocaleString('en')} bytes ${whose}`
  }

  part('name').textContent = name
  root.setAttribute('aria-label', name)
  root.dataset['state'] = 'idle'
  label()

  return {
    root,
    get state() {
      return /** @type {State} */ (root.dataset['state'])
    },
    get stateText() {
      return part('state').textContent ?? ''
    },
    /** @param {State} state @param {string} text */
    show(state, text) {
      root.dataset['state'] = state
      part('state').textContent = text
    },
    /** What became of the connection to this page. @param {string} text */
    line(text) {
      part('line').textContent = text
    },
    /** @param {string} model who answers @param {string} [path] where it was asked */
    model(model, path) {
      part('model').textContent = `· ${model}`
      if (path) requests.model = `POST ${path}`
      label()
    },
    /** Empties everything for the answer that will come from `url`. @param {string} url */
    clear(url) {
      requests.browser = `GET ${url}`
      answer.replaceChildren()
      answerEnd.reset()
      views.browser.clear()
      views.model.clear()
      part('line').textContent = ''
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
    /** @param {import('./bytes.js').Mark} mark */
    mark(mark) {
      views[mark.leg].mark(mark)
    },
  }
}
