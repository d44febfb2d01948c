// One answer: the browser's own EventSource on GET /events, and what its events do to the view.
import { createLaneView } from './lane-view.js'

/** @typedef {ReturnType<typeof createLane>} Lane */
/**
 * What the event `end` says.
 *
 * @typedef {object} End
 * @property {boolean} complete
 * @property {string} [stopReason]
 * @property {{ readonly outputTokens: number }} [usage]
 * @property {{ readonly total: number, readonly tokensPerSecond?: number }} [metrics]
 */

/**
 * The events of an answer: their types, and what their data is.
 *
 * @typedef {object} Answer
 * @property {{ readonly delta: string }} token
 * @property {{ readonly delta: string }} reasoning
 * @property {{ readonly delta: string }} refusal
 * @property {{ readonly code: string, readonly message: string }} failure
 * @property {End} end
 */

/**
 * @param {import('./lane-view.js').Wire} wire
 * @param {import('./lane-view.js').Target | undefined} target
 * @param {() => void} onOver called when the answer is over, however it ended
 */
export function createLane(wire, target, onOver) {
  const view = createLaneView(wire, target)
  /** @type {EventSource | undefined} */
  let source

  /** @param {End} end */
  function conclude({ complete, stopReason, usage, metrics }) {
    source?.close() // EventSource cannot know that `end` is the end; the 204 would tell it a second later
    if (metrics) view.number('total', `${Math.round(metrics.total)} ms`)
    if (metrics?.tokensPerSecond !== undefined) view.number('rate', metrics.tokensPerSecond.toFixed(1))
    if (usage?.outputTokens) view.number('tokens', `${usage.outputTokens}`)
    if (complete) view.show('complete', stopReason === 'length' ? 'Complete, up to the length limit.' : 'Complete.')
    else if (view.state !== 'failed') view.show('failed', 'The answer was cut.')
    onOver()
  }

  /** @param {EventSource} events @param {string} url */
  function listen(events, url) {
    const asked = performance.now()
    let opened = false
    let tokens = 0

    /** @template {keyof Answer} Type @param {Type} type @param {(data: Answer[Type]) => void} listener */
    function on(type, listener) {
      events.addEventListener(type, (event) => listener(JSON.parse(event.data)))
    }

    events.onopen = () => {
      opened = true
      view.show('streaming', tokens === 0 ? 'Waiting for the first token…' : 'Streaming…')
    }
    events.onerror = async () => {
      if (events.readyState === EventSource.CONNECTING) {
        view.show('connecting', 'The line is cut; the browser reconnects…')
        return
      }
      const reason = opened ? 'The line is cut, and the answer is forgotten.' : await reasonOf(url)
      if (events !== source) return // meanwhile something else was asked
      view.show('failed', reason)
      onOver()
    }
    on('token', ({ delta }) => {
      if (++tokens === 1) {
        view.number('first', `${Math.round(performance.now() - asked)} ms`)
        view.show('streaming', 'Streaming…')
      }
      view.number('tokens', `${tokens}`)
      view.write(delta, 'token')
    })
    on('reasoning', ({ delta }) => view.write(delta, 'token reasoning'))
    on('refusal', ({ delta }) => view.write(delta, 'token'))
    on('failure', ({ message }) => view.show('failed', message))
    on('end', conclude)
  }

  return {
    view,
    /** @param {string} prompt @param {string} run */
    start(prompt, run) {
      const url = `/events?${new URLSearchParams({ prompt, wire, run })}`
      view.clear(url)
      view.show('connecting', 'Connecting…')
      source = new EventSource(url)
      listen(source, url)
    },
    /** Hangs up. The server notices and stops the model. */
    stop() {
      if (!source || source.readyState === EventSource.CLOSED) return
      source.close()
      view.show('stopped', 'Stopped. The model has been told.')
    },
  }
}

/**
 * EventSource does not say why it was refused; the same request made by hand does.
 *
 * @param {string} url
 */
async function reasonOf(url) {
  const controller = new AbortController()
  try {
    const response = await fetch(url, { signal: controller.signal })
    return response.ok ? 'The stream was refused.' : (await response.text()).trim()
  } catch {
    return 'The playground does not answer. Is npm start still running?'
  } finally {
    controller.abort()
  }
}
