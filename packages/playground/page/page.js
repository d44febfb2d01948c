// The page: a question goes to one lane or two; the bytes of both come over one more event stream.
import { watchBytes } from './bytes-stream.js'
import { createChooser } from './chooser.js'
import { createCommands } from './commands.js'
import { createLane } from './lane.js'
import { NO_ANSWER } from './no-stream.js'
import { keepPrompt, problemWith } from './prompt.js'
import { createResultView, verdictOf } from './result.js'

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
const form = /** @type {HTMLFormElement} */ (byId('ask'))
const prompt = /** @type {HTMLTextAreaElement} */ (byId('prompt'))
const [generate, stop, cut] = [/** @type {HTMLButtonElement} */ (byId('generate')), byId('stop'), byId('cut')]
const legs = /** @type {RadioNodeList} */ (form.elements.namedItem('leg'))
const commands = createCommands(byId('commands'), byId('copied'))
const result = createResultView(byId('result'))

/** @type {import('./lane.js').Lane[]} */
let lanes = []
/** @type {EventSource | undefined} */
let bytes

const isRunning = () => lanes.some((lane) => lane.running)
const isLaidOut = () => namesOf(lanes.map((lane) => lane.runner)) === namesOf(chooser.runners())

/** @param {readonly import('./lane.js').Runner[]} runners */
function namesOf(runners) {
  return runners.map(({ wire, model }) => `${wire} ${model}`).join('\n')
}

function layOut() {
  if (isLaidOut()) return
  lanes = chooser.runners().map((runner) => createLane(runner, over))
  byId('lanes').classList.toggle('both', lanes.length > 1)
  byId('lanes').replaceChildren(...lanes.map((lane) => lane.view.root))
  for (const { runner, view } of lanes) view.model(chooser.modelOf(runner) || 'its first model')
  showLeg()
}

function showLeg() {
  const leg = legs.value === 'model' ? 'model' : 'browser'
  for (const lane of lanes) lane.view.showLeg(leg)
}

/** The buttons stay in their places and keep the focus; one that would do nothing says so. */
function showButtons() {
  generate.ariaDisabled = `${isRunning()}`
  stop.ariaDisabled = `${!isRunning()}`
  cut.ariaDisabled = `${!isRunning()}`
}

function over() {
  showButtons()
  if (isRunning()) return
  byId('problem').textContent = ''
  const results = lanes.map((lane) => lane.result)
  result.show(results)
  say(lanes.some(({ view }) => view.state === 'stopped') ? '' : verdictOf(results), 'note')
}

function showCommands() {
  const runners = chooser.runners().map((runner) => ({ label: runner.label, query: queryOf(runner) }))
  commands.show(runners, prompt.value)
}

/** What is asked of a runner, without the prompt. @param {import('./lane.js').Runner} runner */
function queryOf(runner) {
  const fault = chooser.faultOf(runner)
  return new URLSearchParams({
    wire: runner.wire,
    ...(runner.model && { model: runner.model }),
    ...(fault && { fault }),
  })
}

/** @param {string} text @param {'problem' | 'note'} kind */
function say(text, kind) {
  for (const id of ['problem', 'note']) {
    const told = kind === id ? text : ''
    if (byId(id).textContent !== told) byId(id).textContent = told // a screen reader would say it twice
  }
}

/** An answer stays on the page until the next question, whatever is chosen meanwhile. */
function choose() {
  if (chooser.runners().length > 1) legs.value = 'model' // this page's response is the same for both
  if (lanes.every((lane) => lane.view.state === 'idle')) layOut()
  const next = chooser
    .runners()
    .map(({ label }) => label)
    .join(' and ')
  say(isLaidOut() ? '' : `The next question goes to ${next}.`, 'note')
  showLeg()
  showCommands()
}

/** @param {string} question */
function ask(question) {
  layOut()
  const byRun = new Map(lanes.map((lane) => [newRunName(), lane]))
  result.clear()
  for (const [run, lane] of byRun) {
    const query = queryOf(lane.runner)
    query.set('prompt', question)
    lane.start(query, run)
  }
  showButtons()
  bytes?.close()
  bytes = watchBytes(byRun)
}

/** Eight hexadecimal digits. (`crypto.randomUUID` is there on localhost and over TLS only.) */
function newRunName() {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number.toString(16).padStart(8, '0')
}

/** The runs that are under way, as a query. */
function runsUnderWay() {
  return new URLSearchParams(lanes.filter((lane) => lane.running).map(({ run }) => ['run', run]))
}

/** Without this the server would take us for a browser that lost the line, and wait for us to come back. */
function hangUp() {
  if (!isRunning()) return
  navigator.sendBeacon(`/stop?${runsUnderWay()}`)
  for (const lane of lanes) lane.stop()
}

/** Drops the connections to this page. The browser notices, and comes back by itself. */
function cutLine() {
  if (isRunning()) fetch(`/cut?${runsUnderWay()}`, { method: 'POST' }).catch(() => {})
}

const chooser = await createChooser(choose).catch((error) => {
  say(`${NO_ANSWER} Then load this page again.`, 'problem')
  throw error
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  const question = prompt.value.trim()
  const problem = isRunning() ? 'An answer is still coming; Stop it first.' : problemWith(question)
  say(problem, 'problem')
  if (problem === '') ask(question)
})
prompt.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  form.requestSubmit()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.isComposing) hangUp()
})
addEventListener('pagehide', hangUp)
prompt.addEventListener('input', showCommands)
for (const radio of legs) radio.addEventListener('change', showLeg)
stop.addEventListener('click', hangUp)
cut.addEventListener('click', cutLine)
keepPrompt(prompt)
layOut()
showCommands()
generate.disabled = false
