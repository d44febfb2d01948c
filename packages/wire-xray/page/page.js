// The page: which exchange is shown, and who hears of what.
import { createBytesPane } from './bytes-pane.js'
import { onColors } from './canvas.js'
import { createChooser } from './chooser.js'
import { sayChosen } from './chosen.js'
import { createExchange } from './exchange.js'
import { createFacts } from './facts.js'
import { askBytes, askEverything, askOutline, listen } from './feed.js'
import { createFilling } from './filling.js'
import { createFindingsPane } from './findings-pane.js'
import { counted, milliseconds } from './format.js'
import { createFrame } from './frame.js'
import { createJudging } from './judging.js'
import { createKeys } from './keys.js'
import { createLanes } from './lanes-pane.js'
import { LANES } from './layers.js'
import { createScrubber } from './scrubber.js'
import { createStaircase } from './staircase-pane.js'
import { createState } from './state.js'
import { createTablePane } from './table-pane.js'

/** @typedef {import('./feed.js').PageExchange} PageExchange */

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id))
const radios = (/** @type {string} */ name) =>
  /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`input[name=${name}]`)])

/** @type {import('./state.js').State | undefined} */
let state
/** @type {{ draw: () => void, read: () => void } | undefined} */
let panes
/** @type {readonly string[]} */
let taps = []
let view = '' // whose exchanges these are
let wanted = 0 // counts what was asked for: only the last answer counts

const current = () => state
const frame = createFrame(() => {
  panes?.draw()
  panes?.read()
  scrubber.show()
  sayWhatIsChosen()
  table.draw()
  bytes.draw()
  bytes.scroll()
  showFilling()
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
  { onByte: chooseByte, onStale: frame.touch, onLimit: sayLimit },
)
const scrubber = createScrubber(
  { play: byId('play'), speed: byId('speed'), cursor: byId('cursor'), now: byId('now'), end: byId('to-end') },
  current,
  milliseconds,
)

const filling = createFilling(
  (exchange) => state?.shown.some((one) => one.exchange === exchange) ?? false,
  () => state && grow(state),
)
const judging = createJudging(current, ({ exchange }, judgement) => {
  facts.show(exchange.summary, judgement)
  findings.show(judgement.findings, exchange.summary.end.kind !== 'open')
})

/** Lays out an exchange at once, and fills it in as its items arrive. @param {PageExchange} summary */
async function open(summary) {
  const mine = ++wanted
  const outline = await askOutline(summary)
  const number = outline?.twin
  const twin = number === undefined ? undefined : await askOutline({ tap: 1 - summary.tap, number })
  if (mine !== wanted) return
  if (!outline) return say('That exchange is not kept any more.')
  scrubber.stop()
  bytes.forget()
  const next = createState(createExchange(outline), { onDraw: frame.touch, onChoose })
  state = next
  next.unit = /** @type {any} */ (radios('unit').find(({ checked }) => checked)?.value ?? 'bytes')
  if (twin) next.join(createExchange(twin), twin.exchange.askedAt - outline.exchange.askedAt)
  byId('panes').hidden = false
  byId('nothing').hidden = true
  panes = layOut(next)
  facts.show(outline.exchange, undefined)
  facts.showTaps([summary.tap, ...(twin ? [1 - summary.tap] : [])].map((tap) => taps[tap] ?? ''))
  byId('hint-taps').hidden = !twin
  findings.show(undefined, false)
  grow(next)
  onChoose()
}

/** There is more of what is shown, or more is known of. @param {import('./state.js').State} grown */
function grow(grown) {
  grown.grow()
  for (const { exchange } of grown.shown) void filling.fill(exchange)
  if (grown.shown.every(({ exchange }) => exchange.isWhole)) judging.soon()
}

/** How much of what is shown is there. */
function showFilling() {
  const shown = state?.shown ?? []
  const isWhole = shown.every(({ exchange }) => exchange.isWhole)
  const busy = `${!isWhole}`
  if (byId('panes').ariaBusy !== busy) byId('panes').ariaBusy = busy
  if (byId('filling').hidden !== isWhole) byId('filling').hidden = isWhole
  if (isWhole) return
  const [items, known] = shown.reduce(([a, b], { exchange }) => [a + exchange.items, b + exchange.known], [0, 0])
  byId('filling').value = items / known
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

/** @param {number | undefined} size */
function sayLimit(size) {
  byId('bytes-limit').hidden = size === undefined
  if (size !== undefined)
    byId('bytes-limit').textContent = `The first ${counted(size, 'byte')} have names, those behind them have not.`
}

/** @param {string} sentence */
function say(sentence) {
  if (byId('line').textContent !== sentence) byId('line').textContent = sentence
}

/** If it is shown. @param {import('./feed.js').Named} named */
function shownOf({ tap, number }) {
  return state?.shown.find(({ exchange: { summary } }) => summary.tap === tap && summary.number === number)?.exchange
}

/** @param {import('./feed.js').More} more */
function takeMore({ from, items, ...named }) {
  const exchange = shownOf(named)
  if (!state || !exchange) return
  if (from <= exchange.items) exchange.take(from, items)
  else exchange.hear(from + items.length)
  grow(state)
}

/** @param {PageExchange} summary */
function takeExchange(summary) {
  const isNew = chooser.take(summary)
  if (isNew && chooser.follows && summary.tap === 0) return chooser.choose(summary)
  const before = shownOf(summary)?.summary
  if (!state || !before) return
  // Its middle was let go of: places mean something else now.
  if (before.leftOut?.items !== summary.leftOut?.items) return void open(state.exchange.summary)
  Object.assign(before, { ...summary, items: before.items }) // its new items are told of next
  grow(state)
}

/** @param {boolean} missed */
async function takeEverything(missed) {
  if (missed) say('More has happened than was remembered for this page: asking for all of it…')
  const everything = await askEverything()
  if (missed) say('')
  if (!everything) return
  const { exchanges, title, live } = everything
  const isSameView = view === everything.view
  ;({ view, taps } = everything)
  byId('title').textContent = title
  document.title = title === '' ? 'x-ray' : `x-ray of ${title}`
  byId('nothing').hidden = exchanges.length > 0
  if (isSameView) exchanges.forEach(takeAgain)
  chooser.show(exchanges, taps)
  const first = live ? exchanges.filter(({ tap }) => tap === 0).at(-1) : exchanges[0]
  if (!isSameView && first) chooser.choose(first)
}

/** What came meanwhile is fetched from where it was left. @param {PageExchange} summary */
function takeAgain(summary) {
  takeExchange(summary)
  shownOf(summary)?.hear(summary.items)
  if (state) grow(state)
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
listen({ everything: (missed) => void takeEverything(missed), exchange: takeExchange, items: takeMore, line: say })
