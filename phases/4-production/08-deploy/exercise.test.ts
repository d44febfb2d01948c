import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClock, expect, type HandClock, mistake, realClock, within } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { test } from 'vitest'
import { drain } from '#ex/08-deploy'
import type { Client, DrainableServer } from './contract.ts'
import { clientOf, watchIdle } from './samples/on-node-http.ts'

const listensOn = mistake<readonly string[]>(
  'listens-on',
  'Your clients leave, come back, and you are still there: the door is open, and they come to the server that is about to die. Call stopListening() before all else.',
  (got) => got[0] !== 'stop listening',
)
const noRetry = mistake<readonly string[]>(
  'no-retry',
  'You said nothing before the end. The client decides by itself when to come back; Chromium takes 3 seconds, others what they like. Send `retry:`, it is the last thing that the client hears (HTML §9.2.6).',
  (got) => got.length === 0,
)
const sameRetry = mistake<readonly string[]>(
  'same-retry',
  'All clients come back in the same millisecond: 10,000 of them, to a server that has just been started. Give each one a time of its own, with random().',
  (got) => new Set(got).size === 1,
)
const fractionOfAMillisecond = mistake<readonly string[]>(
  'fraction-of-a-millisecond',
  'A `retry` field has digits, and nothing else. With a point in it the whole line is ignored, and nobody tells you (HTML §9.2.6). Round down.',
  (got) => got.some((text) => text.includes('.')),
)
const cutsAtOnce = mistake<readonly string[]>(
  'cuts-at-once',
  'You cut the connections. What was on its way to the client is lost, and it cannot tell your deploy from a crash. end() sends all that waits, and then the end. Cut only who has not ended when the grace is over.',
  (got) => got.some((line) => line.startsWith('abort')),
)
const oneByOne = mistake<readonly string[]>(
  'one-by-one',
  'You wait for one client before you end the next. The first one who does not read takes all of the time, and the others are cut, who would have gone at once. End all of them, then wait for all of them.',
  (got) => got.length < 3,
)
const alwaysWaitsGrace = mistake<Result>(
  'always-waits-grace',
  'All clients have gone, and you wait. Each deploy takes the full grace now, on every machine. Wait for whichever comes first: all have ended, or the time is over.',
  ({ outcome }) => outcome === 'it is not done',
)
const sleepsOn = mistake<Result>(
  'sleeps-on',
  'You are done, and your sleep goes on: its timer holds the process until the grace is over, so nothing was won. Give the sleep a signal, and abort it.',
  ({ sleeping }) => sleeping.length > 0,
)
const waitsForEver = mistake<Result>(
  'waits-for-ever',
  'One client does not read, and so it never ends. You wait for it, until whoever started you loses patience and kills you, and with you the streams of everybody. Let a sleep run beside.',
  ({ outcome }) => outcome === 'it is not done',
)
const leavesStalled = mistake<readonly string[]>(
  'leaves-stalled',
  'The grace is over, and who has not ended is still connected: the process cannot end. Call abort() for each of them.',
  (got) => got.length === 0,
)
const abortsAll = mistake<readonly string[]>(
  'aborts-all',
  'You cut off those who had ended, too. Remember who has not.',
  (got) => got.length > 1,
)
const countsAborted = mistake<Result>(
  'counts-aborted',
  'You count all clients. This number goes into a log, and says how good the deploy was: who was cut off did not end in good order. Count those whose end() has resolved, in time.',
  ({ outcome }) => outcome === 'closed: 2',
)
const oneFailureStopsAll = mistake<Result>(
  'one-failure-stops-all',
  'The connection of one client broke, and with it the whole drain: Promise.all rejects with the first rejection, and waits for nobody else. Promise.allSettled waits for all.',
  ({ outcome }) => outcome !== 'closed: 2',
)
const keepsIdle = mistake<{ readonly idleIsClosed: boolean }>(
  'keeps-idle',
  'The answer has ended, its connection has not: HTTP keeps it alive for the next request, and that one comes to you, the old server, however closed your door is. Call closeIdle() when an answer has ended (RFC 9112 §9.3).',
  ({ idleIsClosed }) => !idleIsClosed,
)

const RETRY = 3000
const GRACE = 10_000

test('first of all it stops listening', async () => {
  const { log } = await begin([{ name: 'a' }])
  expect(log.slice(0, 1)).toMean(['stop listening'], { mistakes: [listensOn] })
})

test('each client is told when to come back, and then its answer ends', async () => {
  const { log, said } = await begin([{ name: 'a' }], [0])
  expect(said).toMean(['retry: 3000\n\n'], { mistakes: [noRetry] })
  expect(log.slice(1, 3)).toMean(['send a', 'end a'], { mistakes: [cutsAtOnce] })
})

test('no two clients are told the same', async () => {
  const { said } = await begin([{ name: 'a' }, { name: 'b' }, { name: 'c' }], [0.5, 0, 0.75])
  expect(said).toMean(['retry: 4500\n\n', 'retry: 3000\n\n', 'retry: 5250\n\n'], { mistakes: [sameRetry] })
})

test('the time is a whole number of milliseconds', async () => {
  const { said } = await begin([{ name: 'a' }], [0.12345])
  expect(said).toMean(['retry: 3370\n\n'], { mistakes: [fractionOfAMillisecond] })
})

test('all answers end at once, whoever takes long', async () => {
  const { log } = await begin([{ name: 'a', takes: 100 }, { name: 'b' }, { name: 'c' }])
  expect(log.filter((line) => /^(end|abort) /.test(line))).toMean(['end a', 'end b', 'end c'], { mistakes: [oneByOne] })
})

test('when all have ended it is done: it waits no longer, and leaves no sleep behind', async () => {
  const { clock, result } = await begin([{ name: 'a' }, { name: 'b', takes: 100 }])
  await clock.advance(100)
  expect(result()).toMean({ outcome: 'closed: 2', sleeping: [] }, { mistakes: [alwaysWaitsGrace, sleepsOn] })
  const none = await begin([])
  expect(none.result()).toMean({ outcome: 'closed: 0', sleeping: [] }, { mistakes: [alwaysWaitsGrace, sleepsOn] })
})

test('an answer that has ended leaves no connection that is kept alive', async () => {
  const { clock, log } = await begin([
    { name: 'a', takes: 100 },
    { name: 'b', takes: Number.POSITIVE_INFINITY },
  ])
  await clock.advance(100)
  expect({ idleIsClosed: log.lastIndexOf('close idle') > log.indexOf('a has ended') }).toMean(
    { idleIsClosed: true },
    { mistakes: [keepsIdle] },
  )
  await clock.advance(GRACE)
})

test('who has not ended when the grace is over is cut off, and nobody else', async () => {
  const { clock, log, result } = await begin([{ name: 'a' }, { name: 'b', takes: Number.POSITIVE_INFINITY }])
  const aborted = () => log.filter((line) => line.startsWith('abort'))
  await clock.advance(GRACE - 1)
  expect(aborted()).toMean([], { mistakes: [cutsAtOnce] })
  await clock.advance(1)
  expect({ ...result(), outcome: result().outcome.replace(/^closed.*/, 'it is done') }).toMean(
    { outcome: 'it is done', sleeping: [] },
    { mistakes: [waitsForEver, sleepsOn] },
  )
  expect(aborted()).toMean(['abort b'], { mistakes: [leavesStalled, abortsAll] })
})

test('who was cut off does not count', async () => {
  const { clock, result } = await begin([{ name: 'a' }, { name: 'b', takes: Number.POSITIVE_INFINITY }])
  await clock.advance(GRACE)
  expect(result()).toMean({ outcome: 'closed: 1', sleeping: [] }, { mistakes: [countsAborted] })
})

test('a connection that breaks harms nobody else', async () => {
  const { clock, result } = await begin([
    { name: 'a', breaks: true },
    { name: 'b', takes: 100 },
    { name: 'c', takes: 200 },
  ])
  await clock.advance(200)
  expect(result()).toMean({ outcome: 'closed: 2', sleeping: [] }, { mistakes: [oneFailureStopsAll] })
})

test('real clients, with connections that are kept alive, hear each event once, over two servers on one port', async () => {
  await drain({ clients: new Set(), stopListening() {}, closeIdle() {} }, 0, {
    retry: 0,
    clock: createClock(),
    random: Math.random,
  })
  const { heard, closed } = await deploy(8)
  expect({ closed }).toMean({ closed: 8 })
  expect(heard).toMean(Array.from({ length: 8 }, () => [1, 2, 3, 4, 5, 6]))
})

interface Result {
  /** `closed: 2`, `it is not done`, or the error. */
  readonly outcome: string
  readonly sleeping: readonly number[]
}

interface Script {
  readonly name: string
  /** Milliseconds between end() and the last byte. */
  readonly takes?: number
  readonly breaks?: boolean
}

interface Drained {
  readonly clock: HandClock
  /** What was called, in this order. */
  readonly log: string[]
  /** What the clients were sent, in their order. */
  readonly said: string[]
  result(): Result
}

/** Drains a server with such clients; all that can happen without a clock has happened when this resolves. */
async function begin(scripts: readonly Script[], randoms: readonly number[] = []): Promise<Drained> {
  const clock = createClock()
  const log: string[] = []
  const said: string[] = []
  const clients = new Set<Client>()
  for (const script of scripts) clients.add(actor(script, clients, clock, log, said))
  const server: DrainableServer = {
    clients,
    stopListening: () => void log.push('stop listening'),
    closeIdle: () => void log.push('close idle'),
  }
  const left = [...randoms]
  let outcome = 'it is not done'
  drain(server, GRACE, { retry: RETRY, clock, random: () => left.shift() ?? 0.5 }).then(
    ({ closed }) => (outcome = `closed: ${closed}`),
    (error) => (outcome = `it rejects: ${error instanceof Error ? error.message : error}`),
  )
  await clock.advance(0)
  return { clock, log, said, result: () => ({ outcome, sleeping: clock.sleeping }) }
}

function actor(
  { name, takes = 0, breaks = false }: Script,
  clients: Set<Client>,
  { sleep }: HandClock,
  log: string[],
  said: string[],
): Client {
  let cut = (_: Error) => {}
  const isCut = new Promise<never>((_, reject) => (cut = reject))
  isCut.catch(() => {})
  const client: Client = {
    send(text) {
      log.push(`send ${name}`)
      said.push(text)
    },
    async end() {
      log.push(`end ${name}`)
      if (breaks) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
      if (takes === Number.POSITIVE_INFINITY) await isCut
      else if (takes > 0) await sleep(takes)
      log.push(`${name} has ended`)
      clients.delete(client)
    },
    abort() {
      log.push(`abort ${name}`)
      cut(new Error('it was cut off'))
    },
  }
  return client
}

/** Events 1, 2, 3 come from the old server, 4, 5, 6 from the new one. */
interface Deployed {
  readonly heard: readonly (readonly number[])[]
  readonly closed: number
}

async function deploy(count: number): Promise<Deployed> {
  for (let tries = 1; ; tries++) {
    const result = await deployOnOnePort(count)
    if (result !== 'the port was taken') return result
    if (tries === 5) throw new Error('others take each port that becomes free')
  }
}

async function deployOnOnePort(count: number): Promise<Deployed | 'the port was taken'> {
  const stop = new AbortController()
  await using old = await listen(0, 3)
  const readers = Array.from({ length: count }, () => read(old.port, 6, stop.signal))
  const allHeard = Promise.all(readers)
  allHeard.catch(() => {}) // when the port was taken
  try {
    await old.has(count)
    const drained = drain(old, 1500, { retry: 20, clock: realClock, random: Math.random })
    await using next = await listen(old.port, 6).catch(() => undefined)
    if (next === undefined) return 'the port was taken'
    const { closed } = await within(4000, drained, 'drain to be done')
    const heard = await within(4000, allHeard, 'all clients to hear all events')
    return { heard, closed }
  } finally {
    stop.abort()
  }
}

interface RealServer extends DrainableServer, AsyncDisposable {
  readonly port: number
  /** So many clients have a stream. */
  has(count: number): Promise<void>
}

/** A server of node:http whose stream has events up to `last`, and then stays open. */
async function listen(port: number, last: number): Promise<RealServer> {
  const clients = new Set<Client>()
  let onClient = () => {}
  const server: Server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (let id = Number(request.headers['last-event-id'] ?? 0) + 1; id <= last; id++)
      response.write(`id: ${id}\ndata: x\n\n`)
    const client = clientOf(response)
    clients.add(client)
    response.on('close', () => clients.delete(client))
    onClient()
  })
  const idle = watchIdle(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    clients,
    stopListening: () => void server.close(),
    closeIdle() {
      for (const socket of idle) socket.end()
    },
    has: (count) =>
      new Promise((resolve) => {
        onClient = () => clients.size >= count && resolve()
        onClient()
      }),
    async [Symbol.asyncDispose]() {
      if (server.listening) server.close()
      server.closeAllConnections()
    },
  }
}

/** A client that comes back over the connection that it has, if that is still there. Done when it has heard event `last`. */
async function read(port: number, last: number, signal: AbortSignal): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const heard: number[] = []
  let [lastEventId, wait] = ['', 3000]
  try {
    while (heard.at(-1) !== last) {
      const headers = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId }
      try {
        const [body] = (await once(get({ port, agent, headers, signal }), 'response')) as [IncomingMessage]
        const decoder = createEventDecoder({ lastEventId })
        for await (const bytes of body) {
          decoder.push(bytes, (item) => {
            if (item.kind === 'event') heard.push(Number(item.event.lastEventId))
            if (item.kind === 'retry') wait = item.milliseconds
          })
          lastEventId = decoder.lastEventId
          if (heard.at(-1) === last) break
        }
      } catch {
        signal.throwIfAborted()
      }
      if (heard.at(-1) !== last) await realClock.sleep(wait, signal)
    }
    return heard
  } finally {
    agent.destroy()
  }
}
