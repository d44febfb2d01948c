// The page: a question goes to one lane or two; the bytes of both come over one more event stream.
import { createLane } from './lane.js'

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
  const byRun = new Map(lanes.map((lane) => [crypto.randomUUID().slice(0, 8), lane]))
  for (const [run, lane] of byRun) lane.start(question, run)

  bytes?.close()
  const query = new URLSearchParams([...byRun.keys()].map((run) => ['run', run]))
  bytes = new EventSource(`/bytes?${query}`)
  bytes.addEventListener('bytes', ({ data, lastEventId }) => {
    const run = lastEventId.slice(0, lastEventId.lastIndexOf('.'))
    byRun.get(run)?.view.bytes(JSON.parse(data))
  })
}

function sayCurl() {
  const question = encodeURIComponent(prompt.value.trim() || 'hello').replaceAll("'", '%27')
  byId('curl').textContent = `curl -N --raw '${location.origin}/events?prompt=${question}'`
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const question = prompt.value.trim()
  byId('problem').textContent = question === '' ? 'The prompt is empty. Ask something.' : ''
  if (question !== '' && running === 0) ask(question)
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
