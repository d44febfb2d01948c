import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes, createClock, expect, type HandClock, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { connect } from '#ex/05-come-back'
import type { ConnectOptions, Open, OpenAnswer, OpenRequest } from './contract.ts'

const noLastEventId = mistake<readonly string[]>(
  'no-last-event-id',
  'The second request does not say what you have heard. The server needs the id in the field Last-Event-ID, or it cannot go on behind it (HTML §9.2.3).',
  ([, second]) => second === NOTHING,
)
const sendsEmptyId = mistake<readonly string[]>(
  'sends-empty-id',
  'There is no id yet, so there is no field: Last-Event-ID goes out only when the id is not empty (HTML §9.2.3).',
  (got) => got.includes('Last-Event-ID: ""'),
)
const forgetsId = mistake<readonly string[]>(
  'forgets-id',
  'The id belongs to the stream, not to the connection. A connection that brings no event changes nothing: start the next decoder from the id of the last (HTML §9.2.2).',
  ([, second, third]) => second === 'Last-Event-ID: "7"' && third === NOTHING,
)
const idOfHalfEvent = mistake<readonly string[]>(
  'id-of-half-event',
  'You took the id of an event that never ended. Only its blank line makes an event, and only then its id counts: this one will never be sent again (HTML §9.2.6).',
  (got) => got.includes('Last-Event-ID: "8"'),
)
const ignoresRetry = mistake<readonly number[]>(
  'ignores-retry',
  'The server said `retry: 500`: that is the reconnection time in milliseconds from now on, instead of your 3000 (HTML §9.2.6).',
  ([first]) => first === 3000,
)
const noBackoff = mistake<readonly number[]>(
  'no-backoff',
  'You wait the same time after each failure. A server in trouble gets all its clients back at full speed: let the most double with each connection in a row that fails (HTML §9.2.3 allows it).',
  (got) => new Set(got).size === 1,
)
const noJitter = mistake<readonly number[]>(
  'no-jitter',
  'All clients lost the server in one moment, and with your times all come back in one moment. Use random() for a part of the wait.',
  ([first = 0]) => [1000, 3000, 6000].includes(first),
)
const neverCalmsDown = mistake<readonly number[]>(
  'never-calms-down',
  'A connection was open in between. That ends the row of failures: count from the start again, or one bad night makes a client slow for ever.',
  (got) => (got[0] ?? 0) > 4500,
)
const retriesPost = mistake<{ requests: number }>(
  'retries-post',
  'You sent the POST again. It is not safe: it may pay, or ask a model, twice (RFC 9110 §9.2.1). Only a GET comes back by itself.',
  ({ requests }) => requests > 1,
)
const deafWhileWaiting = mistake<{ requests: number }>(
  'deaf-while-waiting',
  'close() came while you waited to come back, and you came back all the same. Hand the signal to the sleep, and look at it behind the sleep.',
  ({ requests }) => requests > 1,
)

const NOTHING = 'no Last-Event-ID'

test('events are handed over as they come, and readyState says how it goes', async () => {
  const line = openLine(({ answer }) => answer('id: 7\ndata: seven\n\n', 'stays'))
  await using stream = line.connect()
  expect(stream.readyState).toMean(0)
  await line.heard(1)
  expect(line.events).toMean([{ type: 'message', data: 'seven', lastEventId: '7' }])
  expect({ readyState: stream.readyState, lastEventId: stream.lastEventId }).toMean({ readyState: 1, lastEventId: '7' })
})

test('the request asks for an event stream', async () => {
  const line = openLine(({ answer }) => answer('', 'stays'))
  await using _ = line.connect()
  await line.asked(1)
  const [request] = line.requests
  expect({ url: request?.url, method: request?.method, accept: header(request, 'accept') }).toMean({
    url: URL_,
    method: 'GET',
    accept: 'text/event-stream',
  })
})

test('after the end it comes back, and says what it has heard', async () => {
  const line = openLine(
    ({ answer }) => answer('id: 7\ndata: seven\n\n', 'ends'),
    ({ answer }) => answer('id: 8\ndata: eight\n\n', 'stays'),
  )
  await using stream = line.connect()
  await line.sleeps(1)
  expect(stream.readyState).toMean(0)
  await line.asked(2)
  expect(line.ids()).toMean([NOTHING, 'Last-Event-ID: "7"'], { mistakes: [noLastEventId, sendsEmptyId] })
  await line.heard(2)
  expect(line.events.map(({ data }) => data)).toMean(['seven', 'eight'])
})

test('a broken connection is like an ended one, and an unreachable server is asked again', async () => {
  const line = openLine(
    ({ fail }) => fail(),
    ({ answer }) => answer('id: 7\ndata: seven\n\n', 'breaks'),
    ({ answer }) => answer('', 'stays'),
  )
  await using _ = line.connect()
  await line.asked(3)
  expect(line.ids()).toMean([NOTHING, NOTHING, 'Last-Event-ID: "7"'], { mistakes: [sendsEmptyId] })
})

test('an id outlives connections that bring no event', async () => {
  const line = openLine(
    ({ answer }) => answer('id: 7\ndata: seven\n\n', 'ends'),
    ({ answer }) => answer(': nothing new\n\n', 'ends'),
    ({ answer }) => answer('', 'stays'),
  )
  await using _ = line.connect()
  await line.asked(3)
  expect(line.ids()).toMean([NOTHING, 'Last-Event-ID: "7"', 'Last-Event-ID: "7"'], { mistakes: [forgetsId] })
})

test('an event that was cut has not been heard, and its id neither', async () => {
  const line = openLine(
    ({ answer }) => answer('id: 7\ndata: seven\n\nid: 8\ndata: eig', 'breaks'),
    ({ answer }) => answer('', 'stays'),
  )
  await using _ = line.connect()
  await line.asked(2)
  expect(line.ids()).toMean([NOTHING, 'Last-Event-ID: "7"'], { mistakes: [idOfHalfEvent] })
  expect(line.events.map(({ data }) => data)).toMean(['seven'])
})

test('retry: sets how long it waits at least', async () => {
  const line = openLine(
    ({ answer }) => answer('retry: 500\n\n', 'ends'),
    ({ answer }) => answer('', 'ends'), // it is still so for later connections
    ({ answer }) => answer('', 'stays'),
  )
  await using _ = line.connect({ random: () => 0 })
  expect(await line.waits(2)).toMean([500, 500], { mistakes: [ignoresRetry, noJitter] })
})

test('the wait has a random part', async () => {
  const line = openLine(
    ({ answer }) => answer('', 'ends'),
    ({ answer }) => answer('', 'stays'),
  )
  await using _ = line.connect({ random: () => 0.25 })
  expect(await line.waits(1)).toMean([3750], { mistakes: [noJitter] })
})

test('each failure in a row doubles the most, up to 30 seconds', async () => {
  const failures = Array.from(
    { length: 5 },
    (): Scene =>
      ({ fail }) =>
        fail(),
  )
  const line = openLine(...failures, ({ answer }) => answer('', 'stays'))
  await using _ = line.connect({ random: () => 0.5 })
  const expected = [4500, 7500, 13_500, 16_500, 16_500]
  expect(await line.waits(5)).toMean(expected, { mistakes: [noBackoff] })
})

test('a connection that opens ends the row of failures', async () => {
  const line = openLine(
    ...Array.from(
      { length: 3 },
      (): Scene =>
        ({ fail }) =>
          fail(),
    ),
    ({ answer }) => answer('', 'ends'),
    ({ answer }) => answer('', 'stays'),
  )
  await using _ = line.connect({ random: () => 0.5 })
  const [, , , last] = await line.waits(4)
  expect([last]).toMean([4500], { mistakes: [neverCalmsDown] })
})

test('an answer that is no event stream is the end', async () => {
  for (const [status, type] of [
    [204, undefined],
    [404, 'text/event-stream'],
    [200, 'text/html'],
    [200, 'text/html; of=text/event-stream'],
  ] as const) {
    const line = openLine(({ answer }) => answer('', 'ends', status, type))
    await using stream = line.connect()
    await line.closed(stream)
    expect({ status, requests: line.requests.length, sleeping: line.clock.sleeping }).toMean({
      status,
      requests: 1,
      sleeping: [],
    })
  }
})

test('a POST is not repeated by itself', async () => {
  const line = openLine(
    ({ answer }) => answer('data: paid\n\n', 'ends'),
    ({ answer }) => answer('', 'stays'),
  )
  await using stream = line.connect({ method: 'POST' })
  await line.heard(1)
  await line.clock.advance(60_000)
  expect({ requests: line.requests.length }).toMean({ requests: 1 }, { mistakes: [retriesPost] })
  expect(stream.readyState).toMean(2)
})

test('close() while it waits: it does not come back', async () => {
  const line = openLine(
    ({ answer }) => answer('', 'ends'),
    ({ answer }) => answer('', 'stays'),
  )
  await using stream = line.connect()
  await line.sleeps(1)
  stream.close()
  await line.clock.advance(60_000)
  expect({ requests: line.requests.length }).toMean({ requests: 1 }, { mistakes: [deafWhileWaiting] })
  expect(stream.readyState).toMean(2)
})

test('close() in the middle of a read: what has arrived behind it is not delivered, and the request is ended', async () => {
  const line = openLine(({ answer }) => answer('data: one\n\ndata: two\n\n', 'stays'))
  await using stream = line.connect({ onEvent: () => stream.close() })
  await line.heard(1)
  await line.clock.advance(60_000)
  const { aborted } = line.requests[0]?.signal ?? {}
  expect({ events: line.events.length, aborted, readyState: stream.readyState }).toMean({
    events: 1,
    aborted: true,
    readyState: 2,
  })
})

test('a signal ends it as close() does', async () => {
  const line = openLine(({ answer }) => answer('', 'stays'))
  const stop = new AbortController()
  await using stream = line.connect({ signal: stop.signal })
  await line.asked(1)
  stop.abort()
  await line.closed(stream)
  expect({ requests: line.requests.length }).toMean({ requests: 1 })
})

test('a real server sees you come back, with the id', async () => {
  const ids: (string | undefined)[] = []
  const server = createServer(({ headers }, response) => {
    ids.push(headers['last-event-id'] as string | undefined)
    response.setHeader('Connection', 'close')
    if (ids.length > 1) response.writeHead(204).end()
    else response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('retry: 1\nid: seven-7\ndata: seven\n\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const closed = once(server, 'close')
  let stream: ReturnType<typeof connect> | undefined
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const second = new Promise<void>((resolve) => {
      server.on('request', () => ids.length > 1 && resolve())
    })
    stream = connect(url, { onEvent: () => {} })
    await within(3000, second, 'the second request')
  } finally {
    stream?.close()
    server.close()
    await closed
  }
  expect(ids).toMean([undefined, 'seven-7'])
})

const URL_ = 'http://127.0.0.1/events'

/** What the server does with one connection. */
type Scene = (act: {
  fail(): never
  answer(text: string, end: 'ends' | 'breaks' | 'stays', status?: number, type?: string): OpenAnswer
}) => OpenAnswer

/** A server made of scenes, a clock that is turned by hand, and what has been seen so far. */
function openLine(...scenes: Scene[]) {
  const clock: HandClock = createClock()
  const requests: OpenRequest[] = []
  const events: { type: string; data: string; lastEventId: string }[] = []

  const open: Open = async (request) => {
    const scene = scenes[requests.push(request) - 1]
    const fail = (): never => {
      throw new TypeError('fetch failed')
    }
    if (scene === undefined) return fail()
    const answer = (text: string, end: string, status = 200, type: string | undefined = 'text/event-stream') => {
      return { status, type: status === 204 ? undefined : type, body: bodyOf(text, end, request.signal) }
    }
    return scene({ fail, answer })
  }

  /** Lets everything happen that waits for nothing but its turn, until it is so. */
  async function until(isSo: () => boolean, what: string): Promise<void> {
    let late = false
    const look = async () => {
      while (!isSo() && !late) await new Promise((resolve) => setImmediate(resolve))
    }
    try {
      await within(2000, look(), what)
    } finally {
      late = true
    }
  }

  const sleeps = (count: number) => until(() => clock.sleeping.length >= count, 'connect to sleep, by clock.sleep')

  return {
    clock,
    requests,
    events,
    sleeps,
    connect(options: Partial<ConnectOptions> = {}) {
      const stream = connect(URL_, {
        open,
        clock,
        ...options,
        onEvent({ type, data, lastEventId }) {
          events.push({ type, data, lastEventId })
          options.onEvent?.({ type, data, lastEventId })
        },
      })
      return Object.assign(stream, { [Symbol.asyncDispose]: async () => stream.close() })
    },
    heard: (count: number) => until(() => events.length >= count, `${count} event${count > 1 ? 's' : ''} at onEvent`),
    closed: (stream: { readonly readyState: number }) => until(() => stream.readyState === 2, 'readyState to be 2'),
    /** Lets time go by until so many requests have been made. */
    async asked(count: number): Promise<void> {
      while (requests.length < count) {
        await until(() => requests.length >= count || clock.sleeping.length > 0, `request ${requests.length + 1}`)
        if (requests.length < count) await clock.advance(clock.sleeping[0] ?? 0)
      }
    },
    /** How long it slept, so many times in a row. */
    async waits(count: number): Promise<number[]> {
      const seen: number[] = []
      while (seen.length < count) {
        await sleeps(1)
        const [wait = 0] = clock.sleeping
        seen.push(wait)
        await clock.advance(wait)
      }
      return seen
    },
    ids: () => requests.map((request) => idLine(header(request, 'last-event-id'))),
  }
}

async function* bodyOf(text: string, end: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (text !== '') yield asBytes(text)
  if (end === 'breaks') throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  if (end === 'stays') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

function header(request: OpenRequest | undefined, name: string): string | undefined {
  return Object.entries(request?.headers ?? {}).find(([other]) => other.toLowerCase() === name)?.[1]
}

function idLine(id: string | undefined): string {
  return id === undefined ? NOTHING : `Last-Event-ID: ${JSON.stringify(id)}`
}
