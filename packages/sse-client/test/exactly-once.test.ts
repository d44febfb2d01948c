import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import {
  type EventStreamOptions,
  fetchTransport,
  openEventStream,
  rawTransport,
  type Transport,
} from '@sse-from-scratch/sse-client'
import { createChannel, createHistory } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { describeWith, startChaosProxy, startNginx } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'

/** What is published: line ends, characters of every length in UTF-8, nothing at all. */
const DATA = ['a', 'é€🎉', 'two\nlines', '', 'end']
const IDS = DATA.map((_, at) => `${at + 1}`)

/** A server that knows all that was published, and tells everybody what comes after the last event ID they have. */
async function publisher(): Promise<AsyncDisposable & { readonly port: number }> {
  let nextId = 0
  const channel = createChannel({ history: createHistory(10), nextId: () => `${nextId++}` })
  for (const data of ['the one before', ...DATA]) channel.publish({ data })
  const server = await serve(async (request, respond) => {
    const session = await openSession(request, respond)
    channel.subscribe(session)
    await session.closed
  })
  return { port: server.address.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** How many bytes the whole answer has. */
async function lengthOfAnswer(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const host = `127.0.0.1:${(socket.address() as AddressInfo).port}`
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nLast-Event-ID: 0\r\n\r\n`)
  let answer = ''
  for await (const bytes of socket) {
    answer += (bytes as Buffer).toString('latin1')
    if (answer.endsWith('data: end\n\n\r\n')) break // the loop closes the socket
  }
  return answer.length
}

/** What one client hears through a line that is cut behind `cutAfter` bytes: at first, and `again` when it has come back. */
async function heardThrough(
  port: number,
  transport: Transport,
  cutAfter: number,
  cut: 'end' | 'reset' | 'stall',
  again: 0 | 1 = 0,
): Promise<[id: string, data: string][]> {
  let bad = 1 + again
  const toClient = () => (bad-- > 0 ? { cutAfter, cut } : {})
  await using proxy = await startChaosProxy({ target: port, toClient })
  return await heardAt(proxy.url, transport, cut === 'stall' ? { idleTimeout: 100 } : {})
}

async function heardAt(
  url: string,
  transport: Transport,
  options: EventStreamOptions = {},
): Promise<[string, string][]> {
  const heard: [string, string][] = []
  const stream = openEventStream(url, transport, { lastEventId: '0', reconnect: () => 0, ...options })
  for await (const { lastEventId, data } of stream) {
    heard.push([lastEventId, data])
    if (data === 'end' || heard.length > 2 * DATA.length) break
  }
  return heard
}

const EXPECTED = IDS.map((id, at) => [id, DATA[at]])

/** Calls `step` for each number, some at a time, and gives back those for which it fails. */
async function failuresOf(numbers: readonly number[], step: (number: number) => Promise<unknown>): Promise<object[]> {
  const failures: object[] = []
  const waiting = [...numbers]
  async function takeSome(): Promise<void> {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const result = await step(number)
      if (JSON.stringify(result) !== JSON.stringify(EXPECTED)) failures.push({ number, result })
    }
  }
  await Promise.all(Array.from({ length: 24 }, takeSome))
  return failures
}

const upTo = (length: number) => Array.from({ length }, (_, at) => at + 1)

describe.each([
  ['raw', rawTransport(), 1],
  ['fetch', fetchTransport(), 0],
] as const)('over the %s transport, each id is heard once and in order', (_name, transport, again) => {
  test.each(['end', 'reset'] as const)(
    'when the connection is cut behind every byte (%s)',
    async (cut) => {
      await using server = await publisher()
      const length = await lengthOfAnswer(server.port)
      expect(length).toBeGreaterThan(200)
      const failures = await failuresOf(upTo(length), (cutAfter) =>
        heardThrough(server.port, transport, cutAfter, cut, again),
      )
      expect(failures).toEqual([])
    },
    600_000,
  )

  test('when the cable is pulled: nothing comes any more, and nobody says so', async () => {
    await using server = await publisher()
    const length = await lengthOfAnswer(server.port)
    const some = [1, length - 120, length - 80, length - 40, length - 1]
    expect(await failuresOf(some, (cutAfter) => heardThrough(server.port, transport, cutAfter, 'stall'))).toEqual([])
  }, 600_000)
})

const location = 'proxy_http_version 1.1; proxy_set_header Connection "";' // what its users are told to write

describeWith(['nginx'], 'with nginx in between, each id is heard once and in order', () => {
  test('when the connection to nginx is cut behind every byte', async () => {
    await using server = await publisher()
    await using nginx = await startNginx({ upstream: server.port, location })
    const cutOf = (cutAfter: number) => (cutAfter % 2 === 0 ? 'end' : 'reset')
    const failures = await failuresOf(upTo(await lengthOfAnswer(nginx.port)), (cutAfter) =>
      heardThrough(nginx.port, rawTransport(), cutAfter, cutOf(cutAfter)),
    )
    expect(failures).toEqual([])
  }, 600_000)

  test('when the connection from nginx to the server is cut behind every byte', async () => {
    await using server = await publisher()
    const lengths = upTo(await lengthOfAnswer(server.port))
    let next: { readonly cutAfter: number } | undefined
    await using proxy = await startChaosProxy({
      target: server.port,
      toClient: () => {
        const weather = next === undefined ? {} : { ...next, cut: 'end' as const }
        next = undefined
        return weather
      },
    })
    await using nginx = await startNginx({ upstream: proxy.port, location })
    for (const cutAfter of lengths) {
      next = { cutAfter }
      expect({ cutAfter, heard: await heardAt(nginx.url, rawTransport()) }).toEqual({ cutAfter, heard: EXPECTED })
    }
  }, 600_000)
})
