// One answer: the browser's own EventSource on GET /events, and what its events do to the view.
import { createLaneView } from './lane-view.js'
import { createMeter } from './meter.js'
import { NO_ANSWER, reasonOf, SIX } from './no-stream.js'

/** Milliseconds after which a connection that does not open needs an explanation. */
const PATIENCE = 2000

/** How often in a row the browser may come back in vain. */
const RECONNECTIONS = 3

/** @typedef {ReturnType<typeof createLane>} Lane */
/**
 * What the event `end` says.
 *
 * @typedef {object} End
 * @property {boolean} complete
 * @property {string} [stopReason]
 * @property {{ readonly outputTokens: number }} [usage]
 */

/**
 * The events of an answer: their types, and what their data is.
 *
 * @typedef {object} Answer
 * @property {{ readonly model: string }} start
 * @property {{ readonly delta: string }} token
 * @property {{ readonly delta: string }} reasoning
 * @property {{ readonly delta: string }} refusal
 * @property {{ readonly message: string }} failure
 * @property {End} end
 */

/**
 * @param {import('./lane-view.js').Wire} wire
 * @param {() => void} onOver called when the answer is over, however it ended
 */
export function createLane(wire, onOver) {
  const view = createLaneView(wire)
  /** @type {EventSource | undefined} */
  let source // there is one while an answer is on its way
  let meter = createMeter(view.number)
  let patience = 0

  /** @param {'complete' | 'stopped' | 'failed'} state @param {string} text */
  function finish(state, text) {
    source?.close() // EventSource cannot know that `end` is the end; the 204 would tell it a second later
    source = undefined
    clearTimeout(patience)
    meter.end()
    view.show(state, text)
    onOver()
  }

  /** @param {EventSource} events @param {string} url */
  function watchLine(events, url) {
    let opened = false
    let failures = 0 // since the line was last open
    events.onopen = () => {
      opened = true
      failures = 0
      clearTimeout(patience)
      view.show('streaming', 'Streaming…')
    }
    events.onerror = async () => {
      failures++
      if (events.readyState === EventSource.CLOSED) {
        const reason = opened ? 'The line is cut, and the answer is forgotten.' : await reasonOf(url)
        if (events === source) finish('failed', reason)
      } else if (!opened || failures > RECONNECTIONS) finish('failed', NO_ANSWER)
      else view.show('connecting', 'The line is cut; the browser reconnects…')
    }
  }

  /** @param {EventSource} events */
  function watchAnswer(events) {
    let failure = 'The answer was cut.'

    /** @template {keyof Answer} Type @param {Type} type @param {(data: Answer[Type]) => void} listener */
    function on(type, listener) {
      events.addEventListener(type, (event) => listener(JSON.parse(event.data)))
    }
    /** @param {string} delta @param {string} kind */
    function write(delta, kind) {
      meter.delta()
      view.write(delta, kind)
    }

    on('start', ({ model }) => view.model(model))
    on('token', ({ delta }) => write(delta, 'token'))
    on('reasoning', ({ delta }) => write(delta, 'token reasoning'))
    on('refusal', ({ delta }) => write(delta, 'token'))
    on('failure', ({ message }) => {
      failure = message
    })
    on('end', ({ complete, stopReason, usage }) => {
      meter.tokens(usage?.outputTokens)
      if (!complete) finish('failed', failure)
      else finish('complete', stopReason === 'length' ? 'Complete, up to the length limit.' : 'Complete.')
    })
  }

  return {
    wire,
    view,
    get running() {
      return source !== undefined
    },
    /** @param {string} prompt @param {string} run */
    start(prompt, run) {
      const url = `/events?${new URLSearchParams({ prompt, wire, run })}`
      view.clear(url)
      view.show('connecting', 'Connecting…')
      patience = setTimeout(() => view.show('connecting', SIX), PATIENCE)
      meter = createMeter(view.number)
      source = new EventSource(url)
      watchLine(source, url)
      watchAnswer(source)
    },
    /** Hangs up. The server notices and stops the model. */
    stop() {
      if (source) finish('stopped', 'Stopped.')
    },
  }
}
