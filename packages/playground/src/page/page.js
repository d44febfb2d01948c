// The page: a question goes to one lane or two; the bytes of both come over one more event stream.
import { createLane } from './lane.js'

const form = document.getElementById('ask')
const lanesRoot = document.getElementById('lanes')
const generate = document.getElementById('generate')
const stop = document.getElementById('stop')
const problem = document.getElementById('problem')
const curl = document.getElementById('curl')
const targets = await fetch('/targets').then((response) => response.json())

/** @type {Map<string, ReturnType<typeof createLane>>} lanes by wire format */
let lanes = new Map()
let bytes
let running = 0

function layOut() {
  const wire = form.elements.wire.value
  const wires = wire === 'both' ? ['openai', 'anthropic'] : [wire]
  lanes = new Map(wires.map((name) => [name, createLane(name, targets[name], over)]))
  lanesRoot.classList.toggle('both', wires.length > 1)
  lanesRoot.replaceChildren(...[...lanes.values()].map((lane) => lane.root))
  showLeg()
}

function showLeg() {
  for (const lane of lanes.values()) lane.showLeg(form.elements.leg.value)
}

function over() {
  running--
  if (running <= 0) busy(false)
}

function busy(now) {
  stop.hidden = !now
  generate.disabled = now
  for (const radio of form.elements.wire) radio.disabled = now
}

function ask(prompt) {
  layOut()
  running = lanes.size
  busy(true)
  const runs = new Map()
  for (const lane of lanes.values()) {
    const run = crypto.randomUUID()
    runs.set(run, lane)
    lane.start(prompt, run)
  }
  bytes?.close()
  bytes = new EventSource(`/bytes?${new URLSearchParams([...runs.keys()].map((run) => ['run', run]))}`)
  bytes.addEventListener('bytes', (event) => {
    const run = event.lastEventId.slice(0, event.lastEventId.lastIndexOf('.'))
    runs.get(run)?.bytes(JSON.parse(event.data))
  })
}

function sayCurl() {
  const prompt = form.elements.prompt.value.trim() || 'hello'
  curl.textContent = `curl -N --raw '${location.origin}/events?prompt=${encodeURIComponent(prompt).replace(/'/g, '%27')}'`
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const prompt = form.elements.prompt.value.trim()
  problem.textContent = prompt === '' ? 'The prompt is empty. Ask something.' : ''
  if (prompt !== '' && running <= 0) ask(prompt)
})
form.elements.prompt.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    form.requestSubmit()
  }
})
form.elements.prompt.addEventListener('input', sayCurl)
for (const radio of form.elements.wire) radio.addEventListener('change', layOut)
for (const radio of form.elements.leg) radio.addEventListener('change', showLeg)
stop.addEventListener('click', () => {
  for (const lane of lanes.values()) lane.stop()
  running = 0
  busy(false)
})
layOut()
sayCurl()
