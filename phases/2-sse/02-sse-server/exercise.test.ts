import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import { asText, expect, mistake, within } from '@sse-from-scratch/course'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { createParser } from 'eventsource-parser'
import { test } from 'vitest'
import { createSseServer } from '#ex/02-sse-server'
import type { SseConnection } from './contract.ts'

const headWaits = mistake(
  'head-waits',
  'The head waits for the first event. Until it comes, the client does not know that it is connected, and may give up. Send the head at once.',
  (got) => got.length === 0,
)
const wrongType = mistake<Said>(
  'wrong-type',
  'An EventSource takes `text/event-stream` and nothing else. At any other type it stops for good, and does not come back (HTML §9.2.2).',
  (got) => got['type'] !== 'text/event-stream',
)
const cacheable = mistake<Said>(
  'cacheable',
  'Nothing says that the answer must not be kept. A cache may give old events to a client that comes back: say `Cache-Control: no-cache` (RFC 9111 §4.2.2, §5.2.2.4).',
  (got) => got['kept from caches'] === false,
)
const collectsAll = mistake(
  'collects-all',
  'You keep the events until the stream ends. A client that waits for news hears them when they are old.',
  (got) => !asText(got).includes('data'),
)
const chunkPerLine = mistake<readonly string[]>(
  'chunk-per-line',
  'Each line of the event is a chunk of its own. Each may be a packet and a read of its own: the event is whole only with the last of them. Make one text, and write it once.',
  (chunks) => chunks.length > 1,
)
const lastClientWins = mistake<unknown>(
  'last-client-wins',
  'Both clients share one variable: the second one took the place of the first. Keep what belongs to a client in the function that answers it.',
  () => true,
)
const endCuts = mistake(
  'end-cuts',
  'You closed the connection without the last chunk. The client cannot tell that from a server that has died (RFC 9112 §8).',
  () => true,
)
const deafToClose = mistake(
  'deaf-to-close',
  'Nobody told you that the client has gone, because you did not ask: the answer has an event for it, `close`. Timers and lists of such clients grow for ever.',
  () => true,
)
const sendsToTheGone = mistake<unknown>(
  'sends-to-the-gone',
  'Your `send` throws when the client has gone. Clients go at any time: whoever sends to a thousand of them must not stop at the first that is not there.',
  () => true,
)
const closeWaits = mistake(
  'close-waits',
  'Your `close` waits for the clients, and the clients wait for events: nobody ever moves. End each stream yourself.',
  () => true,
)

test('the head leaves at once, and says what the stream is', async () => {
  await using server = await start()
  const client = await server.connect()
  const text = await client.until(/\r\n\r\n/, 'the head, while there is no event', [headWaits])
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? []
  const [, type] = /^content-type: *([^;\r]*)/im.exec(text) ?? []
  const [, cache] = /^cache-control:.*\b(no-cache|no-store)\b/im.exec(text) ?? []
  expect<Said>({ status, type, 'kept from caches': cache !== undefined }).toMean(
    { status: '200', type: 'text/event-stream', 'kept from caches': true },
    { mistakes: [wrongType, cacheable] },
  )
})

test('an event leaves when it is sent, and the stream stays open', async () => {
  await using server = await start()
  const client = await server.connect()
  const connection = await server.connection(0)
  connection.send({ data: 'one' })
  await client.until(/data: one\n/, 'the first event', [collectsAll])
  connection.send({ data: 'two' })
  await client.until(/data: two\n/, 'the second event', [collectsAll])
  expect(connection.signal.aborted).toMean(false)
})

test('an event is one chunk', async () => {
  await using server = await start()
  const client = await server.connect()
  const connection = await server.connection(0)
  connection.send({ id: '1', data: 'a\nb' })
  await client.until(/data: b\n[\s\S]*\n\r\n$/, 'the event')
  expect(chunksOf(client.body())).toMean(['id: 1\ndata: a\ndata: b\n\n'], { mistakes: [chunkPerLine] })
})

test('each of two clients hears what it is sent', async () => {
  await using server = await start()
  const one = await server.connect()
  const first = await server.connection(0)
  const two = await server.connect()
  const second = await server.connection(1)
  first.send({ data: '1' })
  second.send({ data: '2' })
  await two.until(/data: .\n\n\r\n/, 'the second client to hear its event')
  await Promise.race([one.until(/data: 1\n\n\r\n/, 'the first client to hear its event'), turns(20)])
  expect([one, two].map((client) => asText(client.body()))).toMean(['9\r\ndata: 1\n\n\r\n', '9\r\ndata: 2\n\n\r\n'], {
    mistakes: [lastClientWins],
  })
})

test('the end of a stream is the last chunk', async () => {
  await using server = await start()
  const client = await server.connect()
  const connection = await server.connection(0)
  connection.send({ data: 'one' })
  connection.end()
  await client.until(/0\r\n\r\n$/, 'the end of the body')
  expect(client.body()).toBeBytes('b\r\ndata: one\n\n\r\n0\r\n\r\n', { as: 'chunked', mistakes: [endCuts] })
  await within(1000, aborted(connection.signal), 'the signal of a stream that has ended')
})

test('a client that goes away is noticed, and sending to it does nothing', async () => {
  await using server = await start()
  const client = await server.connect()
  const connection = await server.connection(0)
  client.leave()
  await using _ = beats(connection)
  await within(1000, aborted(connection.signal), 'the signal of a client that has gone', undefined, [deafToClose])
  expect(outcomeOf(() => connection.send({ data: 'hello?' }))).toMean('nothing', { mistakes: [sendsToTheGone] })
})

test('a client that resets its connection does the others no harm', async () => {
  await using server = await start()
  const [bad, good] = [await server.connect(), await server.connect()]
  const connections = [await server.connection(0), await server.connection(1)]
  bad.reset()
  await using _ = beats(...connections)
  await good.until(/data: beat/, 'an event for the client that stayed')
})

test('an event that cannot be sent is refused', async () => {
  await using server = await start()
  await server.connect()
  const connection = await server.connection(0)
  await expect(() => connection.send({ id: '1\ndata: forged' })).toRefuse()
})

test('close ends the streams of all who listen', async () => {
  await using server = await start()
  const clients = [await server.connect(), await server.connect()]
  await server.connection(1)
  await within(1000, server.close(), 'the server to close, while two clients listen', undefined, [closeWaits])
  for (const client of clients) {
    await client.until(/0\r\n\r\n$/, 'the end of the body')
    expect(client.body()).toBeBytes('0\r\n\r\n', { as: 'chunked' })
  }
})

test('fetch and eventsource-parser hear what you send', async () => {
  await using server = await start(talk)
  const response = await within(2000, fetch(server.url), 'fetch to get the head')
  const heard: unknown[] = []
  const parser = createParser({ onEvent: (event) => heard.push(event) })
  parser.feed(await within(2000, response.text(), 'fetch to see the end of the body'))
  expect(heard).toMean([
    { id: '1', event: 'greeting', data: 'hello' },
    { id: '2', event: undefined, data: 'two\nlines' },
  ])
})

describeWith(['curl'], 'curl', ([curl]) => {
  test('curl reads what you send', async () => {
    await using server = await start(talk)
    const { stdout, code } = await run(curl?.path ?? 'curl', ['-sN', '--max-time', '5', server.url])
    expect({ stdout, code }).toMean({
      stdout: 'event: greeting\nid: 1\ndata: hello\n\nid: 2\ndata: two\ndata: lines\n\n',
      code: 0,
    })
  })
})

type Said = Record<string, unknown>

function talk(connection: SseConnection): void {
  connection.send({ event: 'greeting', id: '1', data: 'hello' })
  connection.send({ id: '2', data: 'two\nlines' })
  connection.end()
}

/** A server of the exercise, its clients, and what it was told about them. */
interface Running extends AsyncDisposable {
  readonly url: string
  connect(): Promise<Client>
  /** What the server was told about the nth client. */
  connection(nth: number): Promise<SseConnection>
  close(): Promise<void>
}

async function start(on: (connection: SseConnection) => void = () => {}): Promise<Running> {
  const connections: SseConnection[] = []
  const waiting = new Set<() => void>()
  const server = createSseServer((connection) => {
    connections.push(connection)
    for (const wake of waiting) wake()
    on(connection)
  })
  const port = await within(1000, server.listen(), 'the server to listen')
  const clients: Client[] = []
  let closing: Promise<void> | undefined
  const close = () => (closing ??= server.close())
  return {
    url: `http://127.0.0.1:${port}/`,
    async connect() {
      const client = await dial(port)
      clients.push(client)
      return client
    },
    async connection(nth) {
      const come = new Promise<void>((resolve) => {
        const look = () => connections[nth] && resolve()
        waiting.add(look)
        look()
      })
      await within(1000, come, `the server to hear of client ${nth + 1}`)
      return connections[nth] as SseConnection
    },
    close,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.leave()
      await within(1000, close(), 'the server to close, when all clients have gone').catch(() => {}) // told elsewhere
    },
  }
}

/** A client that only looks at bytes. */
interface Client {
  /** What has come since the head. */
  body(): Uint8Array
  /** Waits until what has come looks so, or until the server has closed. */
  until(pattern: RegExp, what: string, mistakes?: Parameters<typeof within>[4]): Promise<string>
  leave(): void
  reset(): void
}

async function dial(port: number): Promise<Client> {
  const socket: Socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('error', () => {})
  socket.setEncoding('latin1').on('data', (more: string) => (text += more))
  await once(socket, 'connect')
  socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  return {
    body: () => Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1'),
    async until(pattern, what, mistakes) {
      const come = new Promise<void>((resolve) => {
        const look = () => (pattern.test(text) || socket.destroyed) && resolve()
        socket.on('data', look).on('close', look)
        look()
      })
      await within(1000, come, what, () => Buffer.from(text, 'latin1'), mistakes)
      return text
    },
    leave: () => void socket.destroy(),
    reset: () => void socket.resetAndDestroy(),
  }
}

/** The data of each chunk. */
function chunksOf(body: Uint8Array): string[] {
  const chunks: string[] = []
  createChunkedDecoder().push(body, (event) => event.kind === 'data' && chunks.push(asText(event.data)))
  return chunks
}

/** Sends to clients again and again: some servers notice only so that one has gone. */
function beats(...connections: readonly SseConnection[]): AsyncDisposable {
  const timer = setInterval(() => {
    for (const connection of connections) outcomeOf(() => connection.send({ data: 'beat' }))
  }, 5)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function outcomeOf(act: () => unknown): string {
  try {
    act()
    return 'nothing'
  } catch (error) {
    return `threw ${error}`
  }
}

/** So many turns of the event loop: time for whoever waits for nothing. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
