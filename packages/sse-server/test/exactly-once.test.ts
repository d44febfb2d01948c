import {
  type Channel,
  createChannel,
  createHistory,
  createSession,
  type EncodedEvent,
  type EventSink,
  encodeEvent,
  type Session,
  type SlowConsumerPolicy,
} from '@sse-from-scratch/sse-server'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { farStore, turn } from './far-store.ts'
import { dispatch } from './reference-reader.ts'

// Clients that read at any pace, are cut anywhere, also inside an event, and come back to any process, while events are
// published: whoever has heard one hears every later one that it wants, once, in order.

const TOPICS = ['a', 'b', undefined] as const
const TEXT = 'x'.repeat(40)

/** A connection with a slow reader at its other end: what it has not taken is lost when it is cut. */
function connection() {
  const gone = new AbortController()
  const waiters = new Set<{ resolve: () => void; reject: (reason: unknown) => void }>()
  let waiting = ''
  let received = ''
  const settle = (how: 'resolve' | 'reject') => {
    for (const waiter of waiters) waiter[how](gone.signal.reason)
    waiters.clear()
  }
  const cut = () => {
    if (gone.signal.aborted) return
    waiting = ''
    gone.abort(new Error('cut'))
    settle('reject')
  }
  const sink: EventSink = {
    signal: gone.signal,
    get unsent() {
      return waiting.length
    },
    write(bytes) {
      gone.signal.throwIfAborted()
      waiting += Buffer.from(bytes).toString('latin1')
      return waiting.length > 200 ? new Promise((resolve, reject) => waiters.add({ resolve, reject })) : undefined
    },
    end() {},
    abort: cut,
  }
  return {
    sink,
    cut,
    take(count: number) {
      received += waiting.slice(0, count)
      waiting = waiting.slice(count)
      if (waiting.length <= 200) settle('resolve')
    },
    get received() {
      return received
    },
  }
}

/** One client over all its connections. */
class Client {
  readonly heard: number[] = []
  readonly wants: (event: number) => boolean
  readonly #topics: readonly string[] | undefined
  #place = ''
  #connection: ReturnType<typeof connection> | undefined
  #session: Session | undefined

  constructor(topics: readonly string[] | undefined) {
    this.#topics = topics
    this.wants = (event) => {
      const topic = TOPICS[event % 3]
      return topics === undefined || topic === undefined || topics.includes(topic)
    }
  }

  get connected(): boolean {
    return this.#session?.signal.aborted === false
  }

  connect(channel: Channel): void {
    this.hangUp()
    this.#connection = connection()
    this.#session = createSession(this.#connection.sink, { heartbeat: 0, lastEventId: this.#place })
    channel.subscribe(this.#session, this.#topics && { topics: this.#topics })
  }

  read(count: number): void {
    this.#connection?.take(count)
  }

  /** Keeps what has arrived: whole blocks, and the last id among them (HTML §9.2.6). */
  hangUp(): void {
    const text = this.#connection?.received ?? ''
    const whole = text.slice(0, text.lastIndexOf('\n\n') + 2)
    for (const { lastEventId } of dispatch(whole)) this.heard.push(Number(lastEventId))
    this.#place = [...whole.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? this.#place
    this.#connection?.cut()
    this.#connection = undefined
  }

  hungUp(): Client {
    this.hangUp()
    return this
  }
}

/** Where events come from and where clients go. */
interface World {
  readonly channels: readonly Channel[]
  /** How many events there are. */
  readonly last: number
  /** Makes a few events. */
  add(count: number): void
  /** Lets one process come a little further: publish, or hear what its store answers. */
  move(process: number, count: number): Promise<void>
  /** Whether something is still on its way. */
  readonly busy: boolean
}

const topicOf = (id: number) => {
  const topic = TOPICS[id % 3]
  return topic === undefined ? {} : { topic }
}

/** Hangs up within a turn too: here a turn is many steps. */
const slowConsumer: SlowConsumerPolicy = ({ unsent }) => (unsent > 1000 ? 'disconnect' : 'send')

function worldInMemory(): World {
  let last = 0
  const history = createHistory(10_000)
  const channel = createChannel({ history, nextId: () => `${++last}`, slowConsumer })
  return {
    channels: [channel],
    get last() {
      return last
    },
    add(count) {
      for (let i = 0; i < count; i++) channel.publish({ data: TEXT, ...topicOf(last + 1) })
    },
    move: turn,
    busy: false,
  }
}

function worldOfThree(): World {
  const events: EncodedEvent[] = []
  const processes = [7, 3, 1000].map((page) => {
    const store = farStore({ page, events })
    const channel = createChannel({ history: store, slowConsumer })
    return { store, channel, read: 0 }
  })
  return {
    channels: processes.map(({ channel }) => channel),
    get last() {
      return events.length
    },
    add(count) {
      for (let i = 0; i < count; i++) {
        const id = events.length + 1
        events.push({ ...encodeEvent({ id: `${id}`, data: TEXT }), ...topicOf(id) })
      }
    },
    async move(which, count) {
      const process = processes[which % 3]
      if (!process) return
      for (let i = count % 7; i > 0 && process.read < events.length; i--) {
        const id = ++process.read
        process.channel.publish({ id: `${id}`, data: TEXT, ...topicOf(id) })
      }
      if (count % 2 === 0) await process.store.answer()
    },
    get busy() {
      return processes.some(({ store, read }) => store.asked > 0 || read < events.length)
    },
  }
}

type Step = readonly [kind: number, who: number, amount: number]
const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(5), fc.nat(400)), { minLength: 20, maxLength: 80 })

async function act(world: World, all: readonly Client[], [kind, who, amount]: Step): Promise<void> {
  const client = all[who] as Client
  if (kind < 2) world.add(amount % 30)
  else if (kind < 5) await world.move(amount, who + amount)
  else if (kind < 7) client.read(amount * 4)
  else if (kind < 9 || !client.connected) client.connect(world.channels[amount % world.channels.length] as Channel)
  else client.hangUp()
}

/** Lets everything happen that has not yet. */
async function settle(world: World, all: readonly Client[]): Promise<void> {
  const isBusy = () => world.busy || world.channels.some((channel) => channel.metrics().queuedBytes > 0)
  for (let quiet = 0, i = 0; quiet < 3; i++) {
    for (const [n, client] of all.entries()) {
      client.read(1000)
      if (!client.connected) client.connect(world.channels[n % world.channels.length] as Channel)
    }
    for (let process = 0; process < 3; process++) await world.move(process, 6)
    quiet = isBusy() ? 0 : quiet + 1
    if (i > 5000) throw new Error('it never comes to rest')
  }
}

describe.each([
  ['one process and its memory', worldInMemory],
  ['three processes, each behind a store that answers later', worldOfThree],
])('%s', (_, createWorld) => {
  test('every event once, in order, however slow a reader is and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const world = createWorld()
        const all = Array.from({ length: 6 }, (_, i) => new Client(i < 3 ? undefined : [i % 2 === 0 ? 'a' : 'b']))
        for (const step of plan) await act(world, all, step)
        world.add(1)
        await settle(world, all)
        for (const { heard, wants } of all.map((client) => client.hungUp())) {
          const [first = world.last + 1] = heard
          const wanted = Array.from({ length: world.last + 1 - first }, (_, i) => first + i).filter(wants)
          expect(heard).toEqual(wanted)
        }
      }),
      { seed: Number(process.env['SEED'] ?? 20261120), numRuns: 60 },
    )
  })
})
