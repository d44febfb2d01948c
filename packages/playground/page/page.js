// The page: a question goes to one lane or two; the bytes of both come over one more event stream.
import { createLane } from './lane.js'

/** As in src/question.ts. */
const PROMPT_SIZE = 16_000

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
const form = /** @type {HTMLFormElement} */ (byId('ask'))
const prompt = /** @type {HTMLTextAreaElement} */ (byId('prompt'))
const generate = /** @type {HTMLButtonElement} */ (byId('generate'))
const stop = /** @type {HTMLButtonElement} */ (byId('stop'))
const radios = (/** @type {string} */ name) => /** @type {RadioNodeList} */ (form.elements.namedItem(name))

/** @type {Record<import('./lane-view.js').Wire, import('./lane-view.js').Target>} */
const targets = await fetch('/targets').then((response) => response.json())

/** @type {import('./lane.js').Lane[]} */
let lanes = []
/** @type {EventSource | undefined} */
let bytes
let running = 0

function layOut() {
  const chosen = radios('wire').value
  const wires = /** @type {import('./lane-view.js').Wire[]} */ (chosen === 'both' ? ['openai', 'anthropic'] : [chosen])
  lanes = wires.map((wire) => createLane(wire, targets[wire], over))
  byId('lanes').classList.toggle('both', wires.length > 1)
  byId('lanes').replaceChildren(...lanes.map((lane) => lane.view.root))
  showLeg()
}

function showLeg() {
  const leg = radios('leg').value === 'model' ? 'model' : 'browser'
  for (const lane of lanes) lane.view.showLeg(leg)
}

function over() {
  running = Math.max(0, running - 1)
  if (running === 0) busy(false)
}

/** @param {boolean} now */
function busy(now) {
  stop.hidden = !now
  generate.disabled = now
  for (const radio of radios('wire')) /** @type {HTMLInputElement} */ (radio).disabled = now
}

/** @param {string} question */
function ask(question) {
  running = lanes.length
  busy(true)
  const byRun = new Map(lanes.map((lane) => [newRunName(), lane]))
  for (const [run, lane] of byRun) lane.start(question, run)

  bytes?.close()
  const query = new URLSearchParams([...byRun.keys()].map((run) => ['run', run]))
  watchBytes(new EventSource(`/bytes?${query}`), byRun)
}

/**
 * @param {EventSource} source
 * @param {Map<string, import('./lane.js').Lane>} byRun
 */
function watchBytes(source, byRun) {
  bytes = source
  let ended = 0
  const laneOf = (/** @type {string} */ id) => byRun.get(id.slice(0, id.lastIndexOf('.')))
  source.addEventListener('bytes', ({ data, lastEventId }) => laneOf(lastEventId)?.view.bytes(JSON.parse(data)))
  source.addEventListener('end', () => {
    if (++ended === byRun.size) source.close()
  })
}

/** Eight hexadecimal digits. (`crypto.randomUUID` is there on localhost and over TLS only.) */
function newRunName() {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number.toString(16).padStart(8, '0')
}

function sayCurl() {
  const question = encodeURIComponent(prompt.value.trim() || 'hello').replaceAll('!', '%21')
  byId('curl').textContent = `curl -N --raw "${location.origin}/events?prompt=${question}"`
}

/** What the server would say too. @param {string} question */
function problemWith(question) {
  if (question === '') return 'The prompt is empty. Ask something.'
  const size = new TextEncoder().encode(question).length
  return size > PROMPT_SIZE ? `The prompt is ${size} bytes long; at most ${PROMPT_SIZE} fit in its URL.` : ''
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const question = prompt.value.trim()
  const problem = problemWith(question)
  byId('problem').textContent = problem
  if (problem === '' && running === 0) ask(question)
})
prompt.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  form.requestSubmit()
})
prompt.addEventListener('input', sayCurl)
for (const radio of radios('wire')) radio.addEventListener('change', layOut)
for (const radio of radios('leg')) radio.addEventListener('change', showLeg)
stop.addEventListener('click', () => {
  for (const lane of lanes) lane.stop()
  running = 0
  busy(false)
})
layOut()
sayCurl()
