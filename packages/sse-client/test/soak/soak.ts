import { setMaxListeners } from 'node:events'
import { createHistory } from '@sse-from-scratch/sse-server'
import { randomFrom, startChaosProxy } from '@sse-from-scratch/testkit'
import { type ClientCounts, startClient } from './client.ts'
import { type RestartingServer, startServer } from './server.ts'
import { createWeather, type Storms } from './weather.ts'

export interface SoakOptions {
  readonly clients: number
  readonly seed: number
  /** Milliseconds of silence after which a client takes its connection for lost. */
  readonly idleTimeout: number
  /** Milliseconds the server asks those who lost it to stay away. */
  readonly retry: number
  /** Resolves when the next few events may be published; to `false` when it is time to stop. */
  readonly next: (report: SoakReport) => Promise<boolean>
  /** Called once, with how to look. */
  readonly onStart?: (look: () => SoakReport) => void
  /** Gives up on clients that do not get there. */
  readonly signal?: AbortSignal
}

export interface SoakReport extends Readonly<ClientCounts>, Readonly<Storms> {
  readonly published: number
  readonly restarts: number
  /** How many times somebody asked for what has been forgotten. */
  readonly gaps: number
  /** What the client that is furthest behind has heard. */
  readonly slowest: number
}

/** So many events are remembered; nobody may fall further behind than half of them. */
const HISTORY = 2000

/** So many events half of the clients may be behind; the publisher waits for them. */
const LIVE = 50

/** Most events that are published in one turn. */
const BURST = 10

/**
 * One server, a proxy with bad weather, and clients who insist on hearing every event once and in order, while
 * connections are cut at any byte, fall silent or drip, and the server restarts. Resolves when all have heard all;
 * rejects with what the first of them has to complain of.
 *
 * The same seed publishes the same events and has the same weather in store for the n-th connection.
 */
export async function soak({
  clients: many,
  seed,
  idleTimeout,
  retry,
  next,
  onStart = () => {},
  signal,
}: SoakOptions): Promise<SoakReport> {
  const random = randomFrom(seed)
  const counts = { opened: 0, delivered: 0 }
  const storms: Storms = { resets: 0, ends: 0, stalls: 0, drips: 0 }
  let published = 0
  let last = Number.POSITIVE_INFINITY
  let gaps = 0

  const over = new AbortController()
  setMaxListeners(0, over.signal) // one for each client
  const history = createHistory(HISTORY)
  await using server = await startServer(history, { heartbeat: idleTimeout / 4, retry, onGap: () => gaps++ })
  await using proxy = await startChaosProxy({
    target: () => server.port,
    toClient: createWeather(randomFrom(seed + 1), storms),
  })
  publish(server, 0, random) // what clients say that they have heard before the first one
  const clientOptions = { last: () => last, idleTimeout, retry, counts, signal: over.signal }
  const clients = Array.from({ length: many }, (_, n) => startClient(proxy.url, { ...clientOptions, delay: n * 2 }))

  function report(): SoakReport {
    const slowest = Math.min(...clients.map(({ heard }) => heard))
    return { ...counts, ...storms, published, gaps, slowest, restarts: server.restarts }
  }

  /** Most clients shall hear most events live, and none may miss what has been forgotten. */
  function isTooFarAhead(): boolean {
    const heard = clients.map((client) => client.heard).sort((one, other) => one - other)
    const [slowest = 0, middle = 0] = [heard[0], heard[heard.length >> 1]]
    return published - slowest > HISTORY / 2 || published - middle > LIVE
  }

  onStart(report)
  async function publishAll(): Promise<void> {
    let untilRestart = eventsUntilRestart(random)
    while (!over.signal.aborted && (await next(report()))) {
      if (isTooFarAhead()) continue
      const burst = Math.ceil(random() * BURST)
      for (let n = 0; n < burst; n++) publish(server, ++published, random)
      untilRestart -= burst
      if (untilRestart > 0) continue
      untilRestart = eventsUntilRestart(random)
      await server.restart(random() < 0.5)
    }
    last = published + 1
    publish(server, ++published, random)
  }

  const stop = () => over.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await Promise.all([publishAll(), ...clients.map(({ done }) => done)])
    signal?.throwIfAborted()
    return report()
  } finally {
    signal?.removeEventListener('abort', stop)
    over.abort()
  }
}

function eventsUntilRestart(random: () => number): number {
  return 30 + Math.floor(random() * 40)
}

/** Some text between its id and its id, so that a client can see that all of it is there. */
function publish(server: RestartingServer, id: number, random: () => number): void {
  const text = 'x€\n'.repeat(Math.floor(random() ** 3 * 40))
  server.publish(id, `${id} ${text} ${id}`)
}
