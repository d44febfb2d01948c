// One answer: the browser's own EventSource on GET /events, and what it tells us, written down as it comes.
import { createBytesView } from './bytes.js'

const NAMES = { openai: 'OpenAI', anthropic: 'Anthropic' }
const PATHS = { openai: 'POST /v1/chat/completions', anthropic: 'POST /v1/messages' }

/**
 * @param {'openai' | 'anthropic'} wire
 * @param {{ model: string, simulated: boolean } | undefined} target
 * @param {() => void} onOver called when the answer is over, however it ended
 */
export function createLane(wire, target, onOver) {
  const root = document.getElementById('lane').content.firstElementChild.cloneNode(true)
  const part = (name) => root.querySelector(`.${name}`)
  const views = { browser: createBytesView(part('browser')), model: createBytesView(part('model-leg')) }
  let source
  let leg = 'browser'
  let url = '/events?prompt=…'
  let tokens = 0
  let firstAt

  part('name').textContent = NAMES[wire]
  part('model').textContent = target ? (target.simulated ? '· simulator' : `· ${target.model}`) : ''
  show('idle', 'Nothing asked yet.')
  label()

  function show(state, text) {
    root.dataset.state = state
    part('state').textContent = text
  }

  function label() {
    part('browser').hidden = leg !== 'browser'
    part('model-leg').hidden = leg !== 'model'
    part('request').textContent = leg === 'browser' ? `GET ${url}` : PATHS[wire]
    part('count').textContent = `${views[leg].total.toLocaleString('en')} bytes`
  }

  function write(text, kind) {
    const answer = part('answer')
    const follow = answer.scrollHeight - answer.scrollTop - answer.clientHeight < 40
    const span = document.createElement('span')
    span.className = kind
    span.textContent = text
    answer.append(span)
    if (follow) answer.scrollTop = answer.scrollHeight
  }

  function end({ complete, stopReason, usage, metrics }) {
    source.close() // EventSource cannot know that `end` is the end; the 204 would tell it a second later
    if (metrics?.total !== undefined) part('total').textContent = `${Math.round(metrics.total)} ms`
    if (metrics?.tokensPerSecond !== undefined) part('rate').textContent = metrics.tokensPerSecond.toFixed(1)
    if (usage?.outputTokens) part('tokens').textContent = usage.outputTokens
    if (complete) show('complete', stopReason === 'length' ? 'Complete: the length limit was reached.' : 'Complete.')
    else if (root.dataset.state !== 'failed') show('failed', 'The answer was cut.')
    onOver()
  }

  async function refused() {
    // EventSource does not say why; the same request made by hand does.
    const controller = new AbortController()
    try {
      const response = await fetch(url, { signal: controller.signal })
      show('failed', response.ok ? 'The stream was refused.' : (await response.text()).trim())
    } catch {
      show('failed', 'The playground does not answer. Is npm start still running?')
    }
    controller.abort()
    onOver()
  }

  return {
    root,
    /** @param {'browser' | 'model'} next */
    showLeg(next) {
      leg = next
      label()
    },
    bytes(event) {
      views[event.leg].add(event)
      label()
    },
    start(prompt, run) {
      url = `/events?${new URLSearchParams({ prompt, wire, run })}`
      tokens = 0
      firstAt = undefined
      part('answer').replaceChildren()
      views.browser.clear()
      views.model.clear()
      for (const name of ['tokens', 'first', 'rate', 'total']) part(name).textContent = '–'
      label()
      show('connecting', 'Connecting…')

      const asked = performance.now()
      let opened = false
      source = new EventSource(url)
      const on = (type, listener) => source.addEventListener(type, (event) => listener(JSON.parse(event.data)))
      source.onopen = () => {
        opened = true
        show('streaming', 'Waiting for the first token…')
      }
      source.onerror = () => {
        if (source.readyState === EventSource.CONNECTING) show('connecting', 'The line is cut; the browser reconnects…')
        else if (opened) {
          show('failed', 'The line is cut, and the playground does not know the answer any more.')
          onOver()
        } else void refused()
      }
      on('token', ({ text }) => {
        firstAt ??= performance.now()
        tokens++
        part('first').textContent = `${Math.round(firstAt - asked)} ms`
        part('tokens').textContent = tokens
        if (tokens === 1) show('streaming', 'Streaming…')
        write(text, 'token')
      })
      on('reasoning', ({ text }) => write(text, 'token reasoning'))
      on('refusal', ({ text }) => write(text, 'token'))
      on('failure', ({ message }) => show('failed', message))
      on('end', end)
    },
    /** Hangs up. The server notices and stops the model. */
    stop() {
      if (source && source.readyState !== EventSource.CLOSED) {
        source.close()
        show('stopped', 'Stopped. The model has been told.')
      }
    },
  }
}
