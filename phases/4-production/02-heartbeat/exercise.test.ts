import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClock, expect, type HandClock, mistake, realClock, within } from '@sse-from-scratch/course'
import { describeWith, startNginx } from '@sse-from-scratch/testkit'
import { createParser } from 'eventsource-parser'
import { test } from 'vitest'
import { withHeartbeat } from '#ex/02-heartbeat'
import type { SseEvent } from './contract.ts'

const neverBeats = mistake<Heard>(
  'never-beats',
  'You wait for the next event and for nothing else, so a silence is a silence. Let a sleep run beside the question, and take whichever is first.',
  (got) => got.length === 1,
)
const heartbeatAsEvent = mistake<Heard>(
  'heartbeat-as-event',
  'Your heartbeat is an event: every client dispatches it, and each page has to know that it means nothing. A comment is a line that begins with a colon: bytes for the proxies, and nothing for the client (HTML §9.2.6).',
  (got) => got.some((one) => one.startsWith('an event')),
)
const oneBeat = mistake<Heard>(
  'one-beat',
  'One comment, and then silence again. The timer of the proxy starts anew with each byte, and so must yours: a heartbeat begins the next wait.',
  (got) => got.filter((one) => one === ':').length === 1,
)
const beatsAlways = mistake<Heard>(
  'beats-always',
  'Your heart beats by its own clock. An event has just left, which says the same as a comment: measure from the last thing that left.',
  (got) => got.join(' ') === 'a b :',
)
const asksAgain = mistake<Heard>(
  'asks-again',
  'After each heartbeat you ask the source anew, and forget the promise that you had. The next event answers the forgotten one, and is lost. Keep the open question until it is answered.',
  (got) => !got.includes('b'),
)
const errorIsEnd = mistake<Heard>(
  'error-is-end',
  'The source has failed, and you end as if all were said. The client takes half an answer for a whole one: let the error through.',
  (got) => got.at(-1) === 'end',
)
const leavesSourceOpen = mistake<Left>(
  'leaves-source-open',
  'The client has left, and nobody told the source: what it holds open stays open. Call its return() when you are left, in a finally.',
  ({ sourceIsClosed }) => !sourceIsClosed,
)
const sleepsOn = mistake<Left>(
  'sleeps-on',
  'A sleep goes on that nobody waits for. With a thousand events a minute and 15 seconds of sleep, that is hundreds of timers for each client. Give the sleep a signal, and abort it.',
  ({ sleeping }) => sleeping.length > 0,
)

const MS = 100

test('events go through in their order, and the end is the end', async () => {
  const { source, heard, turn } = begin()
  for (const name of ['a', 'b', 'c']) source.push(name)
  source.end()
  await turn()
  expect(heard).toMean(['a', 'b', 'c', 'end'])
})

test('after so much silence there is a comment', async () => {
  const { source, clock, heard } = begin()
  source.push('a')
  await clock.advance(MS - 1)
  expect(heard).toMean(['a'])
  await clock.advance(1)
  expect(heard).toMean(['a', ':'], { mistakes: [neverBeats, heartbeatAsEvent] })
})

test('a long silence has many comments', async () => {
  const { source, clock, heard } = begin()
  source.push('a')
  await clock.advance(3 * MS)
  expect(heard).toMean(['a', ':', ':', ':'], { mistakes: [oneBeat] })
})

test('an event begins the time anew', async () => {
  const { source, clock, heard } = begin()
  source.push('a')
  await clock.advance(0.6 * MS)
  source.push('b')
  await clock.advance(0.6 * MS)
  expect(heard).toMean(['a', 'b'], { mistakes: [beatsAlways] })
  await clock.advance(0.4 * MS)
  expect(heard).toMean(['a', 'b', ':'])
})

test('no event is lost behind a heartbeat', async () => {
  const { source, clock, heard, turn } = begin()
  source.push('a')
  await clock.advance(2 * MS)
  source.push('b')
  source.push('c')
  source.end()
  await turn()
  expect(heard).toMean(['a', ':', ':', 'b', 'c', 'end'], { mistakes: [asksAgain] })
})

test('when the source fails, so does the stream', async () => {
  const { source, heard, turn } = begin()
  source.push('a')
  source.fail(new Error('the database is gone'))
  await turn()
  expect(heard).toMean(['a', 'error: the database is gone'], { mistakes: [errorIsEnd] })
})

test('whoever leaves ends the source', async () => {
  const [source, clock] = [createSource(), createClock()]
  const stream = withHeartbeat(source, MS, clock)
  source.push('a')
  for await (const _ of stream) break
  await clock.advance(0)
  expect(leftBehind(source, clock)).toMean(NOTHING, { mistakes: [leavesSourceOpen, sleepsOn] })
})

test('whoever leaves in the middle of a silence ends it, too', async () => {
  const [source, clock] = [createSource(), createClock()]
  const stream = withHeartbeat(source, MS, clock)[Symbol.asyncIterator]()
  const first = stream.next()
  await clock.advance(MS)
  await within(1000, first, 'a comment')
  const left = stream.return?.()
  await clock.advance(0)
  await within(1000, Promise.resolve(left), 'the stream to end, while its source is silent')
  expect(leftBehind(source, clock)).toMean(NOTHING, { mistakes: [leavesSourceOpen, sleepsOn] })
})

test('the end leaves no sleep behind', async () => {
  const { source, clock, turn } = begin()
  for (const name of ['a', 'b', 'c']) source.push(name)
  source.end()
  await turn()
  expect({ sleeping: clock.sleeping }).toMean(
    { sleeping: [] },
    { mistakes: [{ ...sleepsOn, when: () => clock.sleeping.length > 0 }] },
  )
})

describeWith(['nginx'], 'nginx', ([tool]) => {
  test('a silence longer than its proxy_read_timeout cuts nothing', async () => {
    // nginx moves a timer only by 300 ms or more (NGX_TIMER_LAZY_DELAY): a patience of 300 ms would be none
    for (let patience = 600; ; patience *= 2) {
      const stream = withHeartbeat(silentFor(1.6 * patience), patience / 20, realClock)
      await using origin = await serve(stream)
      const location = `proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout ${patience}ms;`
      await using nginx = await startNginx({ upstream: origin.port, location, ...(tool && { tool }) })
      using pulse = startPulse()
      const got = await within(20_000, read(nginx.url), 'the stream to end')
      const wasStarved = pulse.longestPause > patience / 6 // nobody could have kept the time: this says nothing
      if (got.end === 'cut' && wasStarved && patience < 2400) continue
      expect(got).toMean({ events: ['before', 'after'], end: 'complete' })
      return
    }
  })
})

type Heard = readonly string[]

interface Left {
  readonly sourceIsClosed: boolean
  readonly sleeping: readonly number[]
}

const NOTHING: Left = { sourceIsClosed: true, sleeping: [] }

function leftBehind(source: Source, clock: HandClock): Left {
  return { sourceIsClosed: source.isClosed, sleeping: clock.sleeping }
}

/** A stream with a heartbeat, somebody who reads it, and the clock it goes by. */
function begin() {
  const [source, clock] = [createSource(), createClock()]
  const stream = withHeartbeat(source, MS, clock)
  const heard: string[] = []
  void listen(stream, heard)
  return { source, clock, heard, turn: () => clock.advance(0) }
}

async function listen(stream: AsyncIterable<SseEvent>, heard: string[]): Promise<void> {
  try {
    for await (const item of stream) heard.push(nameOf(item))
    heard.push('end')
  } catch (error) {
    heard.push(`error: ${error instanceof Error ? error.message : error}`)
  }
}

/** What it is: a comment, or an event by its data. */
function nameOf({ event, data, id, retry, comment }: SseEvent): string {
  const isEvent = [event, data, id, retry].some((field) => field !== undefined)
  if (!isEvent) return comment === undefined ? 'nothing at all' : ':'
  return event === undefined && data ? data : `an event ${JSON.stringify({ event, data, id, retry, comment })}`
}

/** A source of events that a test drives. */
interface Source extends AsyncIterable<SseEvent> {
  push(data: string): void
  end(): void
  fail(error: Error): void
  /** Ended by whoever reads it. */
  readonly isClosed: boolean
}

function createSource(): Source {
  type Answer = Promise<IteratorResult<SseEvent>>
  const ready: (() => Answer)[] = []
  const asked: ((answer: Answer) => void)[] = []
  let isClosed = false
  const give = (answer: () => Answer) => {
    const ask = asked.shift()
    if (ask) ask(answer())
    else ready.push(answer)
  }
  return {
    push: (data) => give(async () => ({ done: false, value: { data } })),
    end: () => give(async () => ({ done: true, value: undefined })),
    fail: (error) => give(() => Promise.reject(error)),
    get isClosed() {
      return isClosed
    },
    [Symbol.asyncIterator]: () => ({
      next: () => ready.shift()?.() ?? new Promise((resolve) => asked.push(resolve)),
      async return() {
        isClosed = true
        for (const ask of asked.splice(0)) ask(Promise.resolve({ done: true, value: undefined }))
        return { done: true, value: undefined }
      },
    }),
  }
}

async function* silentFor(ms: number): AsyncGenerator<SseEvent> {
  yield { data: 'before' }
  await realClock.sleep(ms)
  yield { data: 'after' }
}

/** Knows for how long this process could do nothing. */
function startPulse(): Disposable & { readonly longestPause: number } {
  let last = performance.now()
  let longestPause = 0
  const beat = () => {
    const now = performance.now()
    longestPause = Math.max(longestPause, now - last)
    last = now
  }
  const timer = setInterval(beat, 10)
  return {
    get longestPause() {
      beat()
      return longestPause
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

async function serve(stream: AsyncIterable<SseEvent>): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(async (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for await (const { comment, data } of stream) {
      if (response.destroyed) return
      response.write(data === undefined ? `:${comment ?? ''}\n\n` : `data: ${data}\n\n`)
    }
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The events that a parser hears that you did not write, and how the answer ended. */
async function read(url: string): Promise<{ events: string[]; end: string }> {
  const events: string[] = []
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) })
  const { body } = await fetch(url)
  try {
    for await (const text of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()))
      parser.feed(text)
    return { events, end: 'complete' }
  } catch {
    return { events, end: 'cut' }
  }
}
