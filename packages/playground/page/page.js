// The page: a question goes to one lane or two; the bytes of both come over one more event stream.
import { watchBytes } from './bytes-stream.js'
import { createCommands } from './commands.js'
import { createLane } from './lane.js'
import { NAMES } from './lane-view.js'
import { keepPrompt, problemWith } from './prompt.js'

/** @typedef {import('./lane-view.js').Wire} Wire */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
const form = /** @type {HTMLFormElement} */ (byId('ask'))
const prompt = /** @type {HTMLTextAreaElement} */ (byId('prompt'))
const generate = byId('generate')
const stop = byId('stop')
const radios = (/** @type {string} */ name) => /** @type {RadioNodeList} */ (form.elements.namedItem(name))
const commands = createCommands(byId('commands'), byId('copied'))

/** @type {import('./lane.js').Lane[]} */
let lanes = []
/** @type {EventSource | undefined} */
let bytes

/** Who answers over which wire format. @type {Promise<Record<Wire, { readonly model: string }>>} */
const targets = fetch('/targets').then((response) => response.json())

/** @returns {Wire[]} */
function chosenWires() {
  const chosen = radios('wire').value
  return chosen === 'both' ? ['openai', 'anthropic'] : [/** @type {Wire} */ (chosen)]
}

const isRunning = () => lanes.some((lane) => lane.running)
const isLaidOut = () => `${lanes.map((lane) => lane.wire)}` === `${chosenWires()}`

function layOut() {
  if (isLaidOut()) return
  lanes = chosenWires().map((wire) => createLane(wire, over))
  byId('lanes').classList.toggle('both', lanes.length > 1)
  byId('lanes').replaceChildren(...lanes.map((lane) => lane.view.root))
  showLeg()
  for (const { wire, view } of lanes) {
    const label = (/** @type {Awaited<typeof targets>} */ all) => view.state === 'idle' && view.model(all[wire].model)
    targets.then(label).catch(() => {}) // who asks will see what is wrong
  }
}

function showLeg() {
  const leg = radios('leg').value === 'model' ? 'model' : 'browser'
  for (const lane of lanes) lane.view.showLeg(leg)
}

/** Both buttons stay in their places and keep the focus; the one that would do nothing says so. */
function showButtons() {
  generate.ariaDisabled = `${isRunning()}`
  stop.ariaDisabled = `${!isRunning()}`
}

function over() {
  showButtons()
  if (!isRunning()) byId('problem').textContent = ''
}

function showCommands() {
  commands.show(chosenWires(), prompt.value)
}

/** @param {string} text @param {'problem' | 'note'} kind */
function say(text, kind) {
  byId('problem').textContent = kind === 'problem' ? text : ''
  byId('note').textContent = kind === 'note' ? text : ''
}

/** An answer stays on the page until the next question, whatever is chosen meanwhile. */
function chooseWire() {
  if (radios('wire').value === 'both') radios('leg').value = 'model' // this page's response is the same for both
  if (lanes.every((lane) => lane.view.state === 'idle')) layOut()
  say(
    isLaidOut()
      ? ''
      : `The next question goes to ${chosenWires()
          .map((wire) => NAMES[wire])
          .join(' and ')}.`,
    'note',
  )
  showLeg()
  showCommands()
}

/** @param {string} question */
function ask(question) {
  layOut()
  const byRun = new Map(lanes.map((lane) => [newRunName(), lane]))
  for (const [run, lane] of byRun) lane.start(question, run)
  showButtons()
  bytes?.close()
  bytes = watchBytes(byRun)
}

/** Eight hexadecimal digits. (`crypto.randomUUID` is there on localhost and over TLS only.) */
function newRunName() {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number.toString(16).padStart(8, '0')
}

function hangUp() {
  for (const lane of lanes) lane.stop()
}

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
prompt.addEventListener('input', showCommands)
for (const radio of radios('wire')) radio.addEventListener('change', chooseWire)
for (const radio of radios('leg')) radio.addEventListener('change', showLeg)
stop.addEventListener('click', hangUp)
keepPrompt(prompt)
layOut()
showCommands()
