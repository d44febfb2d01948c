import { explain } from '../explain.ts'
import type { Item } from '../proxy/item.ts'
import { createExchanges } from './exchanges.ts'
import { footerLines } from './footer.ts'
import { createFrames } from './frames.ts'
import { createGrouping, type Group } from './group.ts'
import { createKeptBytes } from './kept-bytes.ts'
import { createRhythm } from './rhythm.ts'
import type { RowLayer } from './rows.ts'
import { createTable, type Shown } from './table.ts'
import { columnsOf, type Output, type View } from './view.ts'

/** What a live view shows, and who is asked to end it. */
export interface LiveViewOptions {
  /** Who stands in for whom. */
  readonly title: string
  /** Whether colours are welcome. They only repeat what the words say. */
  readonly color: boolean
  readonly recording?: string
  readonly onQuit: () => void
}

/** A view that obeys keys. */
export interface LiveView extends View {
  key(key: string): void
}

const LAYERS: readonly Shown[] = ['all', 'tcp', 'http', 'chunked', 'sse', 'llm']

/** Lines that wait while the view is paused. */
const MOST_HELD = 300
/** Lines of an explanation: its beginning and its end. */
const EXPLAINED = { first: 16, last: 40 }

/** A table that grows, and under it what is so now: what is printed stays. */
export function createLiveView(output: Output, { title, color, recording, onQuit }: LiveViewOptions): LiveView {
  const exchanges = createExchanges()
  const table = createTable(exchanges)
  const rhythm = createRhythm()
  const kept = createKeptBytes()
  const grouping = createGrouping(show)
  const frames = createFrames(output, footer)
  const connections = new Set<number>()
  let held: string[] = []
  let missed = 0 // that were not even held
  let paused = false
  let shown: Shown = 'all'
  let hex = false

  const options = () => ({ columns: columnsOf(output), shown, hex, paint: color ? painted : plain })

  function footer(): readonly string[] {
    const facts = { title, connections: connections.size, exchange: exchanges.latest, rhythm: rhythm.line() }
    return footerLines({ ...facts, paused, held: held.length, shown, hex, recording }, columnsOf(output))
  }

  function show(group: Group): void {
    const lines = table.lines(group, options())
    if (!paused) for (const line of lines) frames.print(line)
    else if (held.length < MOST_HELD) held.push(...lines)
    else missed += lines.length
  }

  function follow(item: Item): void {
    if (item.kind === 'open') connections.add(item.connection)
    if (item.kind === 'reset' || item.kind === 'error') connections.delete(item.connection)
    if (item.kind === 'fin' && item.direction === 'down') connections.delete(item.connection)
    if (item.kind === 'read') kept.take(item)
    if (item.kind !== 'finding') return
    if (item.finding.kind === 'event') rhythm.event(item.at)
    if (item.finding.kind === 'head' && item.finding.direction === 'up') rhythm.reset()
  }

  function goOn(): void {
    for (const line of held) frames.print(line)
    if (missed > 0) frames.print(`… ${missed} lines more that came in the pause`)
    held = []
    missed = 0
    paused = false
  }

  function explainLatest(): void {
    const bytes = kept.of('down')
    const columns = columnsOf(output)
    const lines = bytes.length === 0 ? ['(no answer yet)'] : explain(bytes, { columns, color }).split('\n')
    const left = lines.length - EXPLAINED.first - EXPLAINED.last
    const some =
      left > 0 ? [...lines.slice(0, EXPLAINED.first), `… ${left} rows …`, ...lines.slice(-EXPLAINED.last)] : lines
    for (const line of ['', ...some, '']) frames.print(line)
  }

  const KEYS: Readonly<Record<string, () => void>> = {
    q: onQuit,
    '\u0003': onQuit, // Ctrl-C, which a terminal in raw mode hands to us
    ' ': () => {
      if (paused) goOn()
      else paused = true
    },
    l: () => {
      shown = LAYERS[(LAYERS.indexOf(shown) + 1) % LAYERS.length] as Shown
    },
    h: () => {
      hex = !hex
    },
    e: explainLatest,
  }

  frames.print(table.head(options()))
  output.on('resize', frames.touch)
  return {
    take(item) {
      exchanges.take(item)
      follow(item)
      grouping.take(item)
      frames.touch()
    },
    key(key) {
      if (Object.hasOwn(KEYS, key)) KEYS[key]?.()
      frames.touch()
    },
    close() {
      grouping.flush()
      goOn()
      output.off('resize', frames.touch)
      frames.close()
    },
  }
}

const COLORS: Readonly<Record<RowLayer, number>> = {
  tcp: 2,
  http: 36,
  chunked: 33,
  sse: 32,
  llm: 35,
  body: 90,
  error: 31,
}

function painted(layer: RowLayer, line: string): string {
  return `\u001b[${COLORS[layer]}m${line}\u001b[0m`
}

function plain(_: RowLayer, line: string): string {
  return line
}
