// One answer: the browser's own EventSource on GET /events, and what its events do to the view.
import { failureText, hearAnswer } from './answer.js'
import { createLaneView } from './lane-view.js'
import { watchLine } from './line.js'
import { seconds } from './meter.js'
import { SIX } from './no-stream.js'
import { createTally } from './tally.js'

/** Milliseconds after which a connection that does not open needs an explanation. */
const PATIENCE = 2000

/** @typedef {ReturnType<typeof createLane>} Lane */
/**
 * Who is asked.
 *
 * @typedef {object} Runner
 * @property {string} wire
 * @property {string} label
 * @property {string} model empty: whatever is usual there
 */
/**
 * @param {Runner} runner
 * @param {() => void} onOver called when the answer is over, however it ended, and once more when its bytes are all here
 */
export function createLane(runner, onOver) {
  const view = createLaneView(runner.label)
  /** @type {EventSource | undefined} */
  let source // there is one while an answer is on its way
  let run = ''
  let patience = 0
  let tally = createTally(view)

  /** @param {'complete' | 'stopped' | 'failed'} outcome @param {string} text */
  function finish(outcome, text) {
    source?.close() // EventSource cannot know that `end` is the end; the 204 would tell it a second later
    source = undefined
    clearTimeout(patience)
    tally.meter.end()
    view.show(outcome, text)
    onOver()
  }

  function streaming() {
    clearTimeout(patience)
    view.show('streaming', 'Streaming…')
  }

  /** @param {EventSource} events @returns {import('./line.js').LineWatcher} */
  function lineWatcher(events) {
    const { order } = tally
    return {
      opened: streaming,
      cut() {
        view.show('connecting', 'The line is cut; the browser reconnects…')
        view.line(`Cut after event ${order.last}.`)
      },
      resumed(after) {
        tally.cuts++
        view.line(`Cut after event ${order.last}; back after ${seconds(after)}, Last-Event-ID ${run}.${order.last}`)
        streaming()
      },
      gone(reason) {
        if (events === source) finish('failed', reason)
      },
    }
  }

  /** @returns {import('./answer.js').AnswerListeners} */
  function answerListeners() {
    /** @param {string} kind */
    const write =
      (kind) =>
      (/** @type {{ readonly delta: string }} */ { delta }) => {
        if (tally.meter.first === undefined) streaming() // whatever was said of attempts that failed
        tally.meter.delta()
        tally.wire.delta(delta)
        view.write(delta, kind)
      }
    return {
      start: ({ model, path }) => view.model(model, path),
      token: write('token'),
      reasoning: write('token reasoning'),
      refusal: write('token'),
      retry({ attempt, delay, message }) {
        view.show('streaming', `Attempt ${attempt} failed; the next one in ${seconds(delay)}. (${message})`)
      },
      usage() {}, // the end says it again
      metrics: (metrics) => tally.wire.measured(metrics),
      failure(data) {
        tally.failure = failureText(data)
      },
      end: conclude,
    }
  }

  /** @param {import('./answer.js').End} end */
  function conclude(end) {
    const { meter, order, cuts, failure } = tally
    tally.end = end
    tally.wire.measured(end.metrics)
    meter.tokens(end.usage?.estimated ? undefined : end.usage?.outputTokens)
    if (cuts > 0) view.line(`Cut ${times(cuts)} and resumed: ${order.verdict}.`)
    if (!end.complete) finish('failed', failure)
    else finish('complete', end.stopReason === 'length' ? 'Complete, up to the length limit.' : 'Complete.')
  }

  return {
    runner,
    view,
    get running() {
      return source !== undefined
    },
    get run() {
      return run
    },
    /** @param {URLSearchParams} question @param {string} name of the run */
    start(question, name) {
      run = name
      const url = `/events?${question}&run=${run}`
      view.clear(url)
      view.show('connecting', 'Connecting…')
      patience = setTimeout(() => view.show('connecting', SIX), PATIENCE)
      tally = createTally(view)
      source = new EventSource(url)
      watchLine(source, lineWatcher(source))
      hearAnswer(source, tally.order, answerListeners())
    },
    /** @param {import('./bytes.js').WireEvent} event */
    bytes(event) {
      view.bytes(event)
      tally.wire.read(event)
    },
    /** All bytes of this answer are here. */
    bytesEnd() {
      if (!source) onOver()
    },
    /** Hangs up. */
    stop() {
      if (source) finish('stopped', 'Stopped.')
    },
    get result() {
      return tally.result(runner.label)
    },
  }
}

/** @param {number} count */
function times(count) {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}
