import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { createChannel, createHistory, type OutgoingEvent, type Session } from '@sse-from-scratch/sse-server'
import { describeWith, startNginx } from '@sse-from-scratch/testkit'
import { EventSource, fetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { arrivals } from './arrivals.ts'
import { ADAPTERS, type OneHandler } from './servers.ts'

const EVENTS: readonly OutgoingEvent[] = [
  { id: '1', data: 'plain' },
  { id: '2', data: 'two\nlines', event: 'named' },
  { id: '3', data: ' leading blank, ü 水 🌊, : colon', event: 'named' },
  { id: '4', data: '' },
]
const WIRE =
  'id: 1\ndata: plain\n\nevent: named\nid: 2\ndata: two\ndata: lines\n\n' +
  'event: named\nid: 3\ndata:  leading blank, ü 水 🌊, : colon\n\nid: 4\ndata: \n\n'

interface Heard {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/** undici's EventSource, listened to; `over` is when it has given up for good. */
function listenTo(url: string) {
  const source = new EventSource(url)
  const heard = arrivals<Heard>()
  const over = arrivals<string>()
  for (const name of ['message', 'named']) {
    source.addEventListener(name, (event) => {
      const { type, data, lastEventId } = event as unknown as Heard
      heard.add({ type, data, lastEventId })
    })
  }
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) over.add('closed')
  })
  return { next: heard.next, over: over.next, [Symbol.dispose]: () => source.close() }
}

const hearing = ({ event = 'message', data = '', id = '' }: OutgoingEvent): Heard => ({
  type: event,
  data,
  lastEventId: id,
})

describe.each(ADAPTERS)('$name, judged by strangers', ({ listen, opening }) => {
  test("undici's EventSource hears every event, comes back where it was cut, and stays away after a 204", async () => {
    await using server = await listen(
      (lastEventId = '0') => {
        if (lastEventId === '4') return undefined
        return async (session) => {
          const from = Number(lastEventId)
          for (const event of EVENTS.slice(from, from + 2)) await session.send(event)
          await session.end()
        }
      },
      { retry: 1 },
    )
    using source = listenTo(server.url)
    for (const event of EVENTS) expect(await source.next()).toEqual(hearing(event))
    expect(await source.over()).toBe('closed')
  })

  test('a channel with a history loses and doubles nothing over many cuts', async () => {
    let id = 0
    const channel = createChannel({ history: createHistory(1000), nextId: () => `${++id}` })
    const opened = arrivals<Session>()
    const handler: OneHandler = async (session) => {
      channel.subscribe(session)
      opened.add(session)
    }
    await using server = await listen(() => handler, { retry: 0 })
    using source = listenTo(server.url)
    let session = await opened.next()
    const numbers: number[] = []
    for (let i = 1; i <= 60; i++) {
      channel.publish({ data: `${i}` })
      if (i % 2 === 0) numbers.push(Number((await source.next()).data)) // so that there is an id to come back with
      if (i % 15 === 0) session.abort()
      if (i % 15 === 5 && i > 15) session = await opened.next() // whatever was published meanwhile is in the history
    }
    while (numbers.length < 60) numbers.push(Number((await source.next()).data))
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  })

  const sendAll: OneHandler = async (session) => {
    for (const event of EVENTS) await session.send(event)
    await session.end()
  }

  test("undici's fetch reads the bytes we meant, to a clean end", async () => {
    await using server = await listen(() => sendAll)
    const response = await fetch(server.url)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe(opening + WIRE)
  })

  test('node:http reads them too, and gets each event without waiting for the next', async () => {
    const taken = arrivals<void>()
    await using server = await listen(() => async (session) => {
      for (const event of EVENTS) {
        await session.send(event)
        await taken.next()
      }
      await session.end()
    })
    const request = get(server.url)
    const [response] = await once(request, 'response')
    let text = ''
    for await (const bytes of response.setEncoding('utf8')) {
      text += bytes
      if (text.endsWith('\n\n') && text !== opening) taken.add()
    }
    expect(text).toBe(opening + WIRE)
  })

  test('a cut is no end: fetch sees the body fail', async () => {
    await using server = await listen(() => async (session) => {
      await session.send({ data: 'half' })
      session.abort()
    })
    await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow(TypeError)
  })

  describeWith(['curl'], 'curl', ([curl]) => {
    test.each(['--http1.1', '--http1.0'])(
      'curl -N %s prints each event as it comes, and exits 0 at the end',
      async (version) => {
        const printed = arrivals<void>()
        await using server = await listen(() => async (session) => {
          for (const event of EVENTS) {
            await session.send(event)
            await printed.next()
          }
          await session.end()
        })
        const child = spawn(curl?.path ?? '', ['-sN', version, server.url])
        const exited = once(child, 'close')
        let text = ''
        child.stdout.setEncoding('utf8').on('data', (part) => {
          text += part
          if (text.endsWith('\n\n') && text !== opening) printed.add()
        })
        expect(await exited).toEqual([0, null])
        expect(text).toBe(opening + WIRE)
      },
    )

    test('curl that is killed ends the session', async () => {
      const reasons = arrivals<unknown>()
      const begun = arrivals<void>()
      await using server = await listen(
        () => async (session) => {
          await session.send({ data: 'x' })
          begun.add()
          await session.closed
          reasons.add(session.signal.reason)
        },
        { heartbeat: 20 },
      )
      const child = spawn(curl?.path ?? '', ['-sN', server.url])
      await begun.next()
      child.kill()
      expect(await reasons.next()).toMatchObject({ code: 'SSE_CLIENT_GONE' })
    })
  })
})

describe.each(ADAPTERS)('$name, between processes', ({ listen }) => {
  test('a client of a server that is drained goes on at the next one, which has the same history', async () => {
    const history = createHistory(1000)
    let id = 0
    const processes = Array.from({ length: 2 }, () => createChannel({ history, nextId: () => `${++id}` }))
    const opened = arrivals<Session>()
    let current = 0
    // One address, as behind a load balancer: whoever asks is sent to the process that is up.
    await using server = await listen(() => async (session) => {
      processes[current]?.subscribe(session)
      opened.add(session)
    })
    using source = listenTo(server.url)
    await opened.next()
    const numbers: number[] = []
    const hear = async (count: number) => {
      while (numbers.length < count) numbers.push(Number((await source.next()).data))
    }
    for (let i = 1; i <= 10; i++) processes[0]?.publish({ data: `${i}` })
    await hear(5)
    for (let i = 11; i <= 20; i++) processes[0]?.publish({ data: `${i}` })
    current = 1
    await processes[0]?.end({ retry: 1, spread: 4 })
    for (let i = 21; i <= 30; i++) processes[1]?.publish({ data: `${i}` }) // nobody is there yet
    await opened.next()
    for (let i = 31; i <= 40; i++) processes[1]?.publish({ data: `${i}` })
    await hear(40)
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect(processes.map(({ size }) => size)).toEqual([0, 1])
  })

  describeWith(['nginx'], 'nginx as it comes', ([nginx]) => {
    test('passes on the head before there is an event, each event at once, and that the client has left', async () => {
      const opened = arrivals<Session>()
      await using server = await listen(() => async (session) => opened.add(session))
      await using proxy = await startNginx({ upstream: server.port, ...(nginx && { tool: nginx }) })
      const leaving = new AbortController()
      const response = await fetch(proxy.url, { signal: leaving.signal }) // with the head: nothing has been sent
      expect(response.headers.get('content-type')).toBe('text/event-stream')
      const session = await opened.next()
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      let text = ''
      for (const data of ['one', 'two']) {
        await session.send({ data })
        while (!text.endsWith(`data: ${data}\n\n`)) {
          const { done, value } = await reader.read()
          expect(done, text).toBe(false)
          text += new TextDecoder().decode(value)
        }
      }
      leaving.abort()
      void session.send({ data: 'x' }) // our own stack learns of it by writing
      while (!session.signal.aborted) {
        await session.comment().catch(() => {})
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(session.signal.reason).toMatchObject({ code: 'SSE_CLIENT_GONE' })
    })
  })
})
