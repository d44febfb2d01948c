import type { LlmEvent } from '../events.ts'
import { isToken } from '../meter.ts'
import type { Provider } from '../provider.ts'
import type { RecordedRead } from '../recorded-read.ts'
import { streamChat } from '../stream-chat.ts'
import { createChatView } from '../terminal/chat-view.ts'
import { createRaceView, type RaceView } from '../terminal/race-view.ts'
import type { Terminal } from './conclude.ts'
import type { Side } from './differences.ts'
import { createPrinter } from './printer.ts'
import { statusLine } from './status-line.ts'
import { type WireEvent, watched } from './wire.ts'

/** One of those who are asked the same. */
export interface Racer {
  readonly name: string
  readonly provider: Provider
  readonly model: string
}

export interface RaceOptions {
  readonly stdout: Terminal['stdout']
  /** Whether there is a terminal that can show both at once. */
  readonly color: boolean
  readonly signal: AbortSignal
}

/** What one side has said so far. */
interface Lane {
  readonly events: LlmEvent[]
  ended: boolean
  status: () => string
}

const FRAME = 50

/** Asks all at once, shows the answers as they come, and resolves with everything that was seen. */
export async function race(
  racers: readonly Racer[],
  prompt: string,
  { stdout, color, signal }: RaceOptions,
): Promise<readonly Side[]> {
  const lanes: readonly Lane[] = racers.map(() => ({ events: [], ended: false, status: () => '' }))
  const stop = color ? showRace(racers, lanes, stdout) : async () => {}
  const sides = await Promise.all(racers.map((racer, i) => run(racer, prompt, lanes[i] as Lane, signal)))
  await stop()
  if (!color) await printOneByOne(sides, lanes, stdout)
  return sides
}

async function run(racer: Racer, prompt: string, lane: Lane, signal: AbortSignal): Promise<Side> {
  const entries: RecordedRead[] = []
  const events: WireEvent[] = []
  const provider = watched(racer.provider, (event) => events.push(event))
  const chat = { model: racer.model, messages: [{ role: 'user', content: prompt }] } as const
  const stream = streamChat(provider, chat, { signal, record: (entry) => entries.push(entry) })
  let tokens = 0
  lane.status = () => statusLine(stream.metrics, tokens)
  try {
    for await (const event of stream) {
      if (isToken(event)) tokens++
      lane.events.push(event)
    }
  } catch {
    // The outcome has the same error, and what came before it.
  }
  const outcome = await stream.outcome
  lane.ended = true
  lane.status = () => outcome.error?.code ?? statusLine(outcome.metrics, tokens)
  return { name: racer.name, wire: { entries, events }, outcome }
}

/** Both at once, in frames. Another width begins anew, below: what is printed stays. */
function showRace(racers: readonly Racer[], lanes: readonly Lane[], stdout: Terminal['stdout']): () => Promise<void> {
  const { print } = createPrinter(stdout)
  const names = racers.map(({ name }) => name)
  let view = newView()
  let taken = lanes.map(() => 0)
  let over = lanes.map(() => false)

  function newView(): RaceView {
    return createRaceView({ columns: stdout.columns || 80, rows: stdout.rows || 24, names })
  }

  function frame(): string {
    for (const [i, lane] of lanes.entries()) {
      for (const event of lane.events.slice(taken[i])) view.take(i, event)
      taken[i] = lane.events.length
      if (lane.ended && !over[i]) view.end(i)
      over[i] ||= lane.ended
    }
    return view.frame(lanes.map(({ status }) => status()))
  }

  function resize(): void {
    view = newView()
    taken = lanes.map(() => 0)
    over = lanes.map(() => false)
    void print('\r\n\u001b[J')
  }

  let busy = false // the terminal is behind
  let written: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    written = print(frame()).finally(() => {
      busy = false
    })
  }, FRAME)
  stdout.on('resize', resize)
  return async () => {
    clearInterval(timer)
    stdout.off('resize', resize)
    await written
    await print(`${frame()}\n`)
  }
}

async function printOneByOne(
  sides: readonly Side[],
  lanes: readonly Lane[],
  stdout: Terminal['stdout'],
): Promise<void> {
  const { print } = createPrinter(stdout)
  for (const [i, { name }] of sides.entries()) {
    const view = createChatView({ columns: Number.POSITIVE_INFINITY, color: false })
    const text = (lanes[i]?.events ?? []).map((event) => view.take(event)).join('') + view.end()
    await print(`${i > 0 ? '\n' : ''}${name}:\n\n${text}`)
  }
}
