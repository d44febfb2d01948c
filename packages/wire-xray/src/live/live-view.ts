import { wrap } from '../format.ts'
import type { Item } from '../proxy/item.ts'
import { painted, plain } from './colors.ts'
import { createExchanges } from './exchanges.ts'
import { explainedLines } from './explained-lines.ts'
import { createFaultPrompt, type FaultPrompt } from './fault-prompt.ts'
import { footerLines } from './footer.ts'
import { createFrames } from './frames.ts'
import { createGrouping } from './group.ts'
import { createKeptBytes } from './kept-bytes.ts'
import { createPause } from './pause.ts'
import { createRhythm } from './rhythm.ts'
import type { Switches } from './switches.ts'
import { createTable, type Shown } from './table.ts'
import { columnsOf, type Output, type View } from './view.ts'

/** What a live view shows, and who does what its keys ask for. */
export interface LiveViewOptions {
  /** Who stands in for whom. */
  readonly title: string
  /** Whether colours are welcome. They only repeat what the words say. */
  readonly color: boolean
  /** What can be switched. */
  readonly switches: Switches
  readonly onQuit: () => void
}

/** A view that obeys keys. */
export interface LiveView extends View {
  key(key: string): void
  /** A sentence for people, between the lines, as far in as it begins. */
  say(sentence: string): void
}

const LAYERS: readonly Shown[] = ['all', 'tcp', 'http', 'chunked', 'sse', 'llm']
const CTRL_C = '\u0003' // which a terminal in raw mode hands to us

/** A table that grows, and under it what is so now: what is printed stays. */
export function createLiveView(output: Output, { title, color, switches, onQuit }: LiveViewOptions): LiveView {
  const exchanges = createExchanges()
  const table = createTable(exchanges)
  const rhythm = createRhythm()
  const kept = createKeptBytes()
  const frames = createFrames(output, footer)
  const pause = createPause(frames.print)
  const grouping = createGrouping((group) => pause.print(table.lines(group, options())))
  const connections = new Set<number>()
  let prompt: FaultPrompt | undefined
  let shown: Shown = 'all'
  let hex = false

  const options = () => ({ columns: columnsOf(output), shown, hex, paint: color ? painted : plain })

  function footer(): readonly string[] {
    const { recording, faults } = switches
    const facts = { title, connections: connections.size, exchange: exchanges.latest, rhythm: rhythm.line() }
    const { paused, held } = pause
    return footerLines({ ...facts, paused, held, shown, hex, recording, faults, prompt }, columnsOf(output))
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

  function explainLatest(): void {
    for (const line of ['', ...explainedLines(kept.of('down'), columnsOf(output), color), '']) frames.print(line)
  }

  function say(sentence: string): void {
    const indent = sentence.slice(0, sentence.search(/\S|$/))
    const lines = wrap(sentence.trimStart(), columnsOf(output) - indent.length)
    for (const line of lines) frames.print(indent + line)
  }

  function type(key: string, into: FaultPrompt): void {
    const state = into.key(key)
    if (state === 'open') return
    if (state === 'taken') {
      try {
        switches.setFaults(into.text)
      } catch (error) {
        into.refuse((error as Error).message)
        return
      }
      say(into.text === '' ? 'No faults from the next request on.' : `${into.text} from the next request on.`)
    }
    prompt = undefined
  }

  const KEYS: Readonly<Record<string, () => void>> = {
    q: onQuit,
    ' ': pause.toggle,
    l: () => {
      shown = LAYERS[(LAYERS.indexOf(shown) + 1) % LAYERS.length] as Shown
    },
    h: () => {
      hex = !hex
    },
    e: explainLatest,
    r: () => switches.toggleRecording(),
    f: () => {
      prompt = createFaultPrompt(switches.faults)
    },
  }

  frames.print(table.head(options()))
  output.on('resize', frames.touch)
  return {
    say,
    take(item) {
      exchanges.take(item)
      follow(item)
      grouping.take(item)
      frames.touch()
    },
    key(key) {
      if (key === CTRL_C) onQuit()
      else if (prompt) type(key, prompt)
      else if (Object.hasOwn(KEYS, key)) KEYS[key]?.()
      frames.touch()
    },
    close() {
      grouping.flush()
      pause.goOn()
      output.off('resize', frames.touch)
      frames.close()
    },
  }
}
