import { isToken } from '../meter.ts'
import type { Provider } from '../provider.ts'
import type { RecordedRead } from '../recorded-read.ts'
import { streamChat } from '../stream-chat.ts'
import { createChatView } from '../terminal/chat-view.ts'
import type { Terminal } from './conclude.ts'
import type { Side } from './differences.ts'
import { createPrinter } from './printer.ts'
import { type Lane, showRace } from './race-screen.ts'
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

/** Asks all at once, shows the answers as they come, and resolves with everything that was seen. */
export async function race(
  racers: readonly Racer[],
  prompt: string,
  { stdout, color, signal }: RaceOptions,
): Promise<readonly Side[]> {
  const lanes: readonly Lane[] = racers.map(() => ({ events: [], ended: false, status: () => '' }))
  const stop = color
    ? showRace(
        racers.map(({ name }) => name),
        lanes,
        stdout,
      )
    : async () => {}
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
