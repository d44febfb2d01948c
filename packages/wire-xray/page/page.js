// The page: which exchange is shown, and who hears of what.
import { createBytesPane } from './bytes-pane.js'
import { onColors } from './canvas.js'
import { createChooser } from './chooser.js'
import { sayChosen } from './chosen.js'
import { createExchange, LANES } from './exchange.js'
import { createFacts } from './facts.js'
import { askBytes, askEverything, askWhole, listen } from './feed.js'
import { createFindingsPane } from './findings-pane.js'
import { milliseconds } from './format.js'
import { createFrame } from './frame.js'
import { createKeys } from './keys.js'
import { createLanes } from './lanes-pane.js'
import { createScrubber } from './scrubber.js'
import { createStaircase } from './staircase-pane.js'
import { createState } from './state.js'
import { createTablePane } from './table-pane.js'

/** @typedef {import('./feed.js').PageExchange} PageExchange */

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id))
const radios = (/** @type {string} */ name) =>
  /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`input[name=${name}]`)])

/** Milliseconds between looks at what an exchange adds up to, while it goes on. */
const JUDGED = 1000

/** @type {import('./state.js').State | undefined} */
let state
/** @type {{ draw: () => void, read: () => void } | undefined} */
let panes
/** @type {readonly string[]} */
let taps = []
let wanted = 0 // counts what was asked for: only the last answer counts
let judging = false

const current = () => state
const frame = createFrame(() => {
  panes?.draw()
  panes?.read()
  scrubber.show()
  sayWhatIsChosen()
  table.draw()
  bytes.draw()
  bytes.scroll()
})
const chooser = createChooser(byId('exchange'), (exchange) => void open(exchange))
const facts = createFacts(byId('facts'), byId('taps'))
const findings = createFindingsPane(byId('finding-list'), byId('copied'), showEvidence)
const table = createTablePane(
  {
    body: byId('table-rows'),
    of: byId('of'),
    count: byId('table-count'),
    before: byId('table-before'),
    after: byId('table-after'),
  },
  current,
  frame.touch,
)
const bytes = createBytesPane(
  byId('rows'),
  async (direction, from) => state && askBytes(state.exchange.summary, direction, from),
  { onByte: chooseByte, onStale: frame.touch },
)
const scrubber = createScrubber(
  { play: byId('play'), speed: byId('speed'), cursor: byId('cursor'), now: byId('now'), end: byId('to-end') },
  current,
  milliseconds,
)

/** Shows an exchange from its beginning to wherever it is. @param {PageExchange} summary */
async function open(summary) {
  const mine = ++wanted
  const whole = await askWhole(summary)
  const twin = whole?.twin === undefined ? undefined : await askWhole({ tap: 1 - summary.tap, number: whole.twin })
  if (mine !== wanted) return
  if (!whole) return say('That exchange is not kept any more.')
  scrubber.stop()
  bytes.forget()
  const next = createState(createExchange(whole), { onDraw: frame.touch, onChoose })
  state = next
  next.unit = /** @type {any} */ (radios('unit').find(({ checked }) => checked)?.value ?? 'bytes')
  if (twin) next.join(createExchange(twin), twin.exchange.askedAt - whole.exchange.askedAt)
  byId('panes').hidden = false
  byId('nothing').hidden = true
  panes = layOut(next)
  next.grow()
  judge(whole)
  onChoose()
}

/** Each state has panes of its own; the canvases are new, so that nobody listens to the old ones. @param {import('./state.js').State} next */
function layOut(next) {
  const [stairs, boxes] = [fresh('stairs'), fresh('boxes')]
  const [staircase, lanes] = [createStaircase(stairs, byId('reading'), next), createLanes(boxes, next)]
  return {
    draw() {
      staircase.draw()
      lanes.draw()
    },
    read: staircase.read,
  }
}

/** @param {string} id */
function fresh(id) {
  const old = byId(id)
  const next = /** @type {HTMLCanvasElement} */ (old.cloneNode(true))
  const hadFocus = document.activeElement === old
  old.replaceWith(next)
  if (hadFocus) next.focus()
  return next
}

/** @param {import('./feed.js').WholeExchange} whole */
function judge(whole) {
  facts.show(whole, taps)
  findings.show(whole.findings, whole.exchange.end.kind !== 'open')
}

/** What the items add up to is asked for now and then, and not for each of them. */
function judgeSoon() {
  if (judging) return
  judging = true
  setTimeout(async () => {
    judging = false
    const shown = state
    const whole = shown && (await askWhole(shown.exchange.summary))
    if (whole && shown === state) judge(whole)
  }, JUDGED)
}

function onChoose() {
  if (!state) return
  const box = state.chosen && state.exchange.lanes[state.chosen[0]]?.boxes[state.chosen[1]]
  if (box && bytes.direction === 'up') {
    for (const radio of radios('direction')) radio.checked = radio.value === 'down'
    void bytes.turn('down')
  }
  void bytes.show(box?.bytes ?? [])
  if (state.chosen) table.reveal(state.chosen)
  frame.touch()
}

function sayWhatIsChosen() {
  const words = state && sayChosen(state)
  if (words !== undefined && byId('chosen').textContent !== words) byId('chosen').textContent = words
}

/** Chooses the first of what it rests on, and shows the time of all of it. @param {import('../src/diagnose/diagnosis.ts').Diagnosis} finding */
function showEvidence({ evidence }) {
  if (!state || evidence.length === 0) return
  const { askedAt } = state.exchange.summary
  const times = evidence.map(({ at }) => at - askedAt)
  const down = evidence.find(({ direction, bytes: range }) => direction === 'down' && range)
  state.seek(Number.POSITIVE_INFINITY)
  state.choose(down?.bytes && state.exchange.smallestAt(down.bytes[0]))
  state.time.reveal(Math.min(...times), Math.max(...times))
  byId('boxes').focus()
}

/** @param {number} byte */
function chooseByte(byte) {
  state?.choose(state.exchange.smallestAt(byte))
}

/** @param {string} sentence */
function say(sentence) {
  if (byId('line').textContent !== sentence) byId('line').textContent = sentence
}

/** @param {import('./feed.js').More} more */
function takeMore({ tap, number, from, items }) {
  if (!state) return
  for (const { exchange } of state.shown) {
    const { summary } = exchange
    if (summary.tap !== tap || summary.number !== number || from + items.length <= exchange.items) continue
    if (from > exchange.items) return void open(state.exchange.summary) // some are missing
    for (const item of items.slice(exchange.items - from)) exchange.add(item)
    state.grow()
    judgeSoon()
  }
}

/** @param {PageExchange} summary */
function takeExchange(summary) {
  const isNew = chooser.take(summary)
  const shown = state?.exchange.summary
  if (isNew && chooser.follows && summary.tap === 0) return chooser.choose(summary)
  if (shown?.tap !== summary.tap || shown.number !== summary.number) return
  if (shown.leftOut?.items !== summary.leftOut?.items) return void open(summary)
  Object.assign(shown, summary)
  judgeSoon()
}

async function takeEverything() {
  const everything = await askEverything()
  if (!everything) return
  byId('title').textContent = everything.title
  document.title = everything.title === '' ? 'x-ray' : `x-ray of ${everything.title}`
  taps = everything.taps
  chooser.show(everything.exchanges, everything.taps)
  const shown = state?.exchange.summary
  const same = shown && everything.exchanges.find(({ tap, number }) => tap === shown.tap && number === shown.number)
  const first = everything.live ? everything.exchanges.filter(({ tap }) => tap === 0).at(-1) : everything.exchanges[0]
  byId('nothing').hidden = everything.exchanges.length > 0
  if (same && same.items === state?.exchange.items) return
  const next = same ?? first
  if (next) chooser.choose(next)
}

/** @param {number} lanes @param {number} places */
function walk(lanes, places) {
  if (!state) return
  const [lane, index] = state.chosen ?? [lanes === 0 ? 2 : -1, -1]
  const all = state.exchange.lanes
  if (lanes !== 0) {
    const next = Math.max(0, Math.min(all.length - 1, lane + lanes))
    const [from, to] = state.lit[next] ?? [0, -1]
    const fallback = all[next]?.length ? 0 : -1
    const goal = to >= from ? from : fallback
    if (goal >= 0 && next !== lane) state.choose([next, goal])
    return
  }
  const next = Math.max(0, Math.min((all[lane]?.length ?? 0) - 1, index + places))
  if (all[lane]?.boxes[next]) state.choose([lane, next])
}

/** @param {'bytes' | 'events' | 'tokens'} unit */
function count(unit) {
  for (const radio of radios('unit')) radio.checked = radio.value === unit
  if (state) state.unit = unit
}

const showHelp = () => byId('help').showModal()

createKeys(
  [
    ['ArrowLeft', 'the one before, or the next, in its lane', () => walk(0, -1)],
    ['ArrowRight', 'the one before, or the next, in its lane', () => walk(0, 1)],
    ['ArrowUp', 'what carries it, or what it carries', () => walk(-1, 0)],
    ['ArrowDown', 'what carries it, or what it carries', () => walk(1, 0)],
    ['Escape', 'nothing is chosen', () => state?.choose(undefined)],
    ['+', 'less time, or more, or all of it', () => state?.time.zoom(1.5)],
    ['-', 'less time, or more, or all of it', () => state?.time.zoom(1 / 1.5)],
    ['0', 'less time, or more, or all of it', () => state?.time.all()],
    [' ', 'replay, or pause', scrubber.toggle],
    [',', 'a hundredth earlier, or later', () => state?.seek(state.cursor - state.end / 100)],
    ['.', 'a hundredth earlier, or later', () => state?.seek(state.cursor + state.end / 100)],
    ['e', 'to the end, and on with what comes', () => state?.seek(Number.POSITIVE_INFINITY)],
    ['1', 'count bytes, events or tokens', () => count('bytes')],
    ['2', 'count bytes, events or tokens', () => count('events')],
    ['3', 'count bytes, events or tokens', () => count('tokens')],
    ['j', 'the next exchange, or the one before', () => chooser.step(1)],
    ['k', 'the next exchange, or the one before', () => chooser.step(-1)],
    ['f', 'to the findings', () => byId('finding-list').querySelector('button')?.focus()],
    ['?', 'these keys', showHelp],
  ],
  byId('help'),
  byId('help-keys'),
)
byId('help-button').addEventListener('click', showHelp)
byId('zoom-in').addEventListener('click', () => state?.time.zoom(1.5))
byId('zoom-out').addEventListener('click', () => state?.time.zoom(1 / 1.5))
byId('zoom-all').addEventListener('click', () => state?.time.all())
byId('bytes-before').addEventListener('click', () => void bytes.earlier())
byId('bytes-after').addEventListener('click', () => void bytes.later())
for (const radio of radios('unit')) radio.addEventListener('change', () => count(/** @type {any} */ (radio.value)))
for (const radio of radios('direction')) {
  radio.addEventListener('change', () => void bytes.turn(radio.value === 'up' ? 'up' : 'down'))
}
byId('of').append(...LANES.map((name, lane) => new Option(name, `${lane}`, lane === 2, lane === 2)))
onColors(frame.touch)
listen({ everything: () => void takeEverything(), exchange: takeExchange, items: takeMore, line: say })
