/**
 * What the portable entries promise, tried on the runtime that runs this file:
 *
 *     npx tsx --conditions=@sse-from-scratch/source examples/portable/checks.ts
 *
 * `npm run test:matrix -- deno bun` runs it on those two. Every check is a sentence that is false when it fails.
 */
import { parseArgs } from 'node:util'
import { chunked } from '@sse-from-scratch/chunked/decoder'
import {
  createResponseDecoder,
  type MessageEvent as HttpEvent,
  latin1,
  type ResponseHead,
  toLatin1,
} from '@sse-from-scratch/http-raw/decoder'
import { assertHeaders, overrideHeaders } from '@sse-from-scratch/http-raw/headers'
import { fetchTransport as llmTransport, openai, streamChat } from '@sse-from-scratch/llm-stream/fetch'
import { encodeRecordedRead, encodeRecordingHead, parseRecording } from '@sse-from-scratch/llm-stream/recording'
import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client/decoder'
import { EventSource, fetchTransport, openEventStream, readEvents } from '@sse-from-scratch/sse-client/fetch'
import { createChannel, createHistory, encodeEvent, type Session } from '@sse-from-scratch/sse-server'
import { eventStream, stopReconnecting } from '@sse-from-scratch/sse-server/web'
import { orExit } from '../command-line.ts'
import { RUNTIME, serveFetch } from './serve.ts'

const CHECKS: Readonly<Record<string, () => Promise<void> | void>> = {
  'an event is read back as it was meant, cut anywhere'() {
    const data = 'grüße 水 🌊\nsecond line'
    const { bytes } = encodeEvent({ event: 'tick', id: 'ü1', data })
    for (let at = 0; at <= bytes.length; at++) {
      const items: EventStreamItem[] = []
      const decoder = createEventDecoder()
      for (const read of [bytes.subarray(0, at), bytes.subarray(at)]) decoder.push(read, (item) => items.push(item))
      same(items, [{ kind: 'event', event: { type: 'tick', data, lastEventId: 'ü1' } }])
    }
  },

  'a chunked message is decoded as it was encoded, cut anywhere, and what comes behind it is left alone'() {
    const encoder = chunked.createEncoder()
    const content = Uint8Array.from({ length: 600 }, (_, i) => i)
    const head = toLatin1('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nName: \xe9\r\n\r\n')
    const parts = [head, ...encoder.encode(content), ...encoder.end(), toLatin1('next')]
    const wire = Uint8Array.from(parts.flatMap((part) => [...part]))
    for (let at = 0; at <= wire.length - 4; at++) {
      const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
      const events: HttpEvent<ResponseHead>[] = []
      decoder.push(wire.subarray(0, at), (event) => events.push(event))
      same(
        decoder.push(wire.subarray(at), (event) => events.push(event)),
        wire.length - 4 - at,
      )
      same(events[0]?.kind === 'head' && events[0].head.fields.get('name'), '\xe9')
      const data = events.flatMap((event) => (event.kind === 'data' ? [latin1(event.data)] : []))
      same([data.join(''), events.at(-1)?.kind], [latin1(content), 'end'])
    }
  },

  'headers are compared in any case, and a line break in one is refused'() {
    same(overrideHeaders({ Accept: 'a' }, { accept: 'b' }), { accept: 'b' })
    throws(() => assertHeaders({ 'X-A': 'b\r\nc: d' }))
  },

  async 'the head arrives before there is an event, with what keeps proxies from buffering'() {
    const sessions = arrivals<Session>()
    await served(
      (request) => eventStream(request, sessions.add),
      async (url) => {
        const response = await fetch(url)
        const session = await sessions.next()
        same(response.headers.get('content-type'), 'text/event-stream')
        same(response.headers.get('cache-control'), 'no-cache, no-transform')
        same(response.headers.get('x-accel-buffering'), 'no')
        await session.end()
        same(await response.text(), ':\n\n') // a comment, so that there is something for the head to come with
      },
    )
  },

  async 'each event arrives without waiting for the next'() {
    const sessions = arrivals<Session>()
    await served(
      (request) => eventStream(request, sessions.add, { retry: 10 }),
      async (url) => {
        const response = await fetch(url)
        const session = await sessions.next()
        const events = readEvents(response)
        for (const data of ['one', 'two\nlines', '🌊']) {
          await session.send({ event: 'tick', data })
          same((await events.next()).value, { type: 'tick', data, lastEventId: '' })
        }
        await session.end()
        same((await events.next()).done, true)
      },
    )
  },

  async 'a client that is cut off ten times misses nothing and hears nothing twice, and a 204 sends it away'() {
    const channel = createChannel({ history: createHistory(1000) })
    const numbers = Array.from({ length: 100 }, (_, i) => `${i + 1}`)
    const first = channel.publish({ id: 'ü0', data: 'begin' })
    let connections = 0
    const handler = (request: Request) => {
      const lastEventId = request.headers.get('last-event-id')
      if (lastEventId === '100') return stopReconnecting()
      const start = (session: Session) => {
        channel.subscribe(session)
        for (const data of numbers.splice(0, 10)) channel.publish({ id: data, data })
        if (++connections % 2 === 0) session.abort()
        else void session.end()
      }
      return eventStream(request, start, { retry: 0 })
    }
    await served(handler, async (url) => {
      const heard: string[] = []
      const options = { lastEventId: first.id ?? '', reconnect: () => 0 }
      for await (const { data } of openEventStream(url, fetchTransport(), options)) heard.push(data)
      same(
        heard,
        Array.from({ length: 100 }, (_, i) => `${i + 1}`),
      )
    })
  },

  async 'an EventSource comes back with the id of the last event, and closes at a 204'() {
    const asked: (string | null)[] = []
    const handler = (request: Request) => {
      asked.push(request.headers.get('last-event-id'))
      if (asked.length > 2) return stopReconnecting()
      const send = (session: Session) => session.send({ event: 'tick', id: `ü${asked.length}`, data: 'here' })
      return eventStream(request, (session) => send(session).then(() => session.end()), { retry: 0 })
    }
    await served(handler, async (url) => {
      const source = new EventSource(url)
      const heard: string[] = []
      source.addEventListener('tick', ({ lastEventId }: MessageEvent) => void heard.push(lastEventId))
      await new Promise<void>((closed) => {
        source.onerror = () => source.readyState === EventSource.CLOSED && closed()
      })
      same(heard, ['ü1', 'ü2'])
      same(asked.length, 3)
    })
  },

  async 'a client that leaves ends its session, and the server hears of it without sending anything'() {
    const sessions = arrivals<Session>()
    await served(
      (request) => eventStream(request, sessions.add, { heartbeat: 0 }),
      async (url) => {
        const leaving = new AbortController()
        const response = await fetch(url, { signal: leaving.signal })
        const session = await sessions.next()
        const events = readEvents(response)
        await session.send({ data: 'here' })
        await events.next()
        leaving.abort()
        await events.next().catch(() => {})
        await session.closed
        same((session.signal.reason as { code?: string }).code, 'SSE_CLIENT_GONE')
      },
    )
  },

  async 'a reader that stops makes send wait, and memory stays where it is'() {
    const sessions = arrivals<Session>()
    await served(
      (request) => eventStream(request, sessions.add, { heartbeat: 0 }),
      async (url) => {
        const leaving = new AbortController()
        const response = await fetch(url, { signal: leaving.signal })
        const session = await sessions.next()
        const event = encodeEvent({ data: 'x'.repeat(256 * 1024) })
        let sent = 0
        for (let waited = false; !waited; ) {
          const sending = session.send(event)
          waited = await Promise.race([sending.then(() => false), later(300).then(() => true)])
          if (++sent > 400) throw new Error('100 MiB were taken for a reader that reads nothing')
          sending.catch(() => {})
        }
        leaving.abort()
        await response.body?.cancel().catch(() => {})
        await session.closed
      },
    )
  },

  async 'an answer of a model is streamed; before its first token it is asked for again, and after it is not'() {
    let asked = 0
    const answers = [ERROR, TOKEN + DONE, TOKEN]
    await served(
      () => new Response(answers[asked++], { headers: { 'Content-Type': 'text/event-stream' } }),
      async (url) => {
        const options = { transport: llmTransport(), retry: { maxDelay: 1 } }
        const whole = await streamChat(openai({ baseUrl: `${url}v1` }), CHAT, options).outcome
        same([whole.complete, whole.text, whole.attempts], [true, 'grüß', 2])
        const cut = await streamChat(openai({ baseUrl: `${url}v1` }), CHAT, options).outcome
        same([cut.complete, cut.text, cut.error?.code, cut.attempts], [false, 'grüß', 'LLM_TRUNCATED', 1])
      },
    )
  },

  async 'leaving the answer of a model hangs up'() {
    const sessions = arrivals<Session>()
    await served(
      (request) => eventStream(request, sessions.add, { heartbeat: 0 }),
      async (url) => {
        const stream = streamChat(openai({ baseUrl: `${url}v1` }), CHAT)
        const session = await sessions.next()
        await session.send({ data: TOKEN.slice('data: '.length, -2) })
        for await (const { kind } of stream) if (kind === 'text') break
        await session.closed
        same((await stream.outcome).error?.code, 'LLM_ABORTED')
      },
    )
  },

  'a recording is read as it was written'() {
    const head = { startedAt: '2026-11-20T12:00:00Z', target: 'http://a', redacted: [] }
    const parts = ['grüß', '\u0000'].map((text) => new TextEncoder().encode(text))
    const lines = parts.map((bytes) =>
      encodeRecordedRead({ kind: 'bytes', at: 1, connection: 1, direction: 'down', bytes }),
    )
    const { entries } = parseRecording(encodeRecordingHead(head) + lines.join(''))
    same(
      entries.map((entry) => entry.kind === 'bytes' && [...entry.bytes]),
      parts.map((bytes) => [...bytes]),
    )
  },
}

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'Hello?' }] } as const
const TOKEN = 'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"grüß"}}]}\n\n'
const DONE = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
const ERROR = 'data: {"error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'

function readArguments() {
  return parseArgs({ options: { help: { type: 'boolean', default: false } } }).values
}

async function main(): Promise<void> {
  if (orExit(readArguments).help) {
    console.log('usage: checks\n\nTries what the portable entries promise on the runtime that runs this file.')
    return
  }
  let failed = 0
  for (const [sentence, check] of Object.entries(CHECKS)) {
    const late = later(10_000).then(() => Promise.reject(new Error('no end after 10 s')))
    const result = await Promise.race([check(), late]).then(
      () => 'ok    ',
      (error: unknown) => `FAILED ${error instanceof Error ? error.message : String(error)}:`,
    )
    if (result !== 'ok    ') failed++
    console.log(`${result} ${sentence}`)
  }
  console.log(`${RUNTIME}: ${failed === 0 ? `all ${Object.keys(CHECKS).length} hold` : `${failed} failed`}`)
  process.exit(failed === 0 ? 0 : 1)
}

async function served(handler: (request: Request) => Response, use: (url: string) => Promise<void>): Promise<void> {
  const server = await serveFetch(handler)
  try {
    await use(server.url)
  } finally {
    void server.stop()
  }
}

function same(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${a} instead of ${b}`)
}

function throws(act: () => void): void {
  try {
    act()
  } catch {
    return
  }
  throw new Error('nothing was thrown')
}

/** What has happened on the other side, in order: `next` waits for it. */
function arrivals<Item>(): { add(item: Item): void; next(): Promise<Item> } {
  const items: Item[] = []
  let arrived = () => {}
  return {
    add(item) {
      items.push(item)
      arrived()
    },
    async next() {
      while (items.length === 0) {
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      return items.shift() as Item
    },
  }
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

await main()
