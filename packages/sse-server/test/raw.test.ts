import type { Handler } from '@sse-from-scratch/http-raw'
import {
  createChannel,
  type EventSink,
  encodeEvent,
  type OpenOptions,
  type Session,
} from '@sse-from-scratch/sse-server'
import { openSession, request, serve, stopReconnecting } from '@sse-from-scratch/sse-server/raw'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { arrivals } from './arrivals.ts'
import { BLOCK, untilItWaits } from './slow-reader.ts'
import { get, wire } from './wire.ts'

async function listen(handler: Handler) {
  const server = await serve(handler)
  return { port: server.address.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** A server that hands the test each session it opens. */
async function sessions(options?: OpenOptions) {
  const opened = arrivals<Session>()
  const server = await listen(async (request, respond) => {
    const session = await openSession(request, respond, options)
    opened.add(session)
    await session.closed
  })
  return { ...server, next: opened.next }
}

const GONE = expect.objectContaining({ code: 'SSE_CLIENT_GONE' })

test('an event that does not fit what the answer has promised ends the session, and says so in its signal', async () => {
  await using server = await sessions({ headers: { 'Content-Length': '5' } })
  const answered = request(`http://127.0.0.1:${server.port}/`).catch(() => undefined)
  const session = await server.next()
  session.push(encodeEvent({ data: 'longer than five bytes' }))
  await session.closed
  expect(session.signal.reason).toMatchObject({ code: 'SSE_CLIENT_GONE', cause: expect.any(Error) })
  await (await answered)?.[Symbol.asyncDispose]()
})

test('a body of http-raw is a sink as it stands', () => {
  type Body = Awaited<ReturnType<Parameters<Handler>[1]>>
  expectTypeOf<Body>().toExtend<EventSink>()
})

describe('the head', () => {
  test('leaves at once, before there is an event, with the fields of the options', async () => {
    await using server = await sessions({ headers: { 'cache-control': 'private', 'X-Request-Id': '7' } })
    await using client = await wire(server.port, get())
    const answer = await client.until('\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(answer).toContain('Content-Type: text/event-stream\r\n')
    expect(answer.match(/cache-control: .*/gi)).toEqual(['cache-control: private'])
    expect(answer).toContain('X-Request-Id: 7\r\n')
  })

  test('is not begun when the caller is mistaken', async () => {
    await using server = await listen(async (request, respond) => {
      await expect(openSession(request, respond, { sendTimeout: -1 })).rejects.toThrow(RangeError)
      await expect(openSession(request, respond, { headers: { 'X-A': 'b\r\nc: d' } })).rejects.toThrow(TypeError)
      await respond(200, {}, 'not begun')
    })
    await using client = await wire(server.port, get('Connection: close'))
    expect(await client.end).toContain('not begun')
  })

  test('HEAD gets the head and no stream, and the connection goes on', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get().replace('GET', 'HEAD'))
    const session = await server.next()
    expect(session.signal.reason).toEqual(GONE)
    await session.closed
    client.socket.write(get())
    await (await server.next()).send({ data: 'second' })
    expect((await client.until('second')).match(/text\/event-stream/g)).toHaveLength(2)
  })

  test('204 tells the client to stay away, and no cache may repeat it', async () => {
    await using server = await listen((_, respond) => stopReconnecting(respond))
    await using client = await wire(server.port, get('Connection: close'))
    expect(await client.end).toMatch(/^HTTP\/1.1 204 [\s\S]*Cache-Control: no-store\r\n[\s\S]*\r\n\r\n$/)
  })
})

test.each([
  [Buffer.from('ü水').toString('latin1'), 'ü水'],
  ['7', '7'],
  ['', undefined],
])('the last event ID %j is %j', async (field, id) => {
  await using server = await sessions()
  await using client = await wire(server.port, get(`Last-Event-ID: ${field}`))
  await client.until('\r\n\r\n')
  expect((await server.next()).lastEventId).toBe(id)
})

describe('a client that leaves', () => {
  test('is noticed by writing: a session that writes to it is over soon', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    const session = await server.next()
    await client.until('\r\n\r\n')
    client.socket.destroy()
    while (!session.signal.aborted) {
      session.push(encodeEvent({ data: 'anybody there?' }))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await session.closed
    expect(session.signal.reason).toEqual(GONE)
  })

  test('by RST ends an idle session at once', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    const session = await server.next()
    await client.until('\r\n\r\n')
    client.socket.resetAndDestroy()
    await session.closed
    expect(session.signal.reason).toEqual(GONE)
  })

  test('settles the send that waits for it to read', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    client.socket.pause()
    const session = await server.next()
    const { waiting } = await untilItWaits(session)
    client.socket.resetAndDestroy()
    await expect(waiting).rejects.toEqual(GONE)
  })
})

describe('the end', () => {
  test('delivers everything before it, and the connection is kept for the next request', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    const session = await server.next()
    session.push(BLOCK)
    await session.end() // the handler, which waits for `closed`, must not return before the last chunk has left
    expect(await client.until('0\r\n\r\n')).toContain('x\n\n\r\n0\r\n\r\n')
    client.socket.write(get())
    const second = await server.next()
    session.abort() // too late to hurt
    await second.send({ data: 'second' })
    await client.until('second')
  })

  test('by a handler that returns after it is an end, not a cut', async () => {
    await using server = await listen(async (request, respond) => {
      const session = await openSession(request, respond)
      await session.send({ data: 'x' })
      await session.end()
    })
    const response = await request(`http://127.0.0.1:${server.port}/`)
    expect(await response.body.text()).toBe('data: x\n\n')
  })

  test('abort is a cut: RST, which an HTTP/1.0 client too can tell from the end', async () => {
    await using server = await sessions()
    for (const version of ['1.1', '1.0']) {
      await using client = await wire(server.port, get().replace('1.1', version))
      const session = await server.next()
      await session.send({ data: 'x' })
      await client.until('data: x')
      session.abort()
      await expect(client.end).rejects.toMatchObject({ code: 'ECONNRESET' })
    }
  })

  test('an HTTP/1.0 client gets its events at once, unframed, and the end by FIN', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get().replace('1.1', '1.0'))
    const session = await server.next()
    await session.send({ data: 'now' })
    expect(await client.until('now')).not.toMatch(/transfer-encoding/i)
    await session.end()
    expect(await client.end).toMatch(/\r\n\r\ndata: now\n\n$/)
  })
})

test('thousands of waiting writes add no warning about listeners', async () => {
  const warned = vi.fn()
  process.on('warning', warned)
  await using server = await sessions()
  await using client = await wire(server.port, get())
  client.socket.pause()
  const session = await server.next()
  const { waiting } = await untilItWaits(session)
  const sends = Array.from({ length: 3000 }, (_, i) => session.send({ data: `${i}` }))
  client.socket.resume()
  await Promise.all([waiting, ...sends])
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', warned)
  expect(warned).not.toHaveBeenCalled()
})

test('a reader that stops costs the channel its limit and not more, and the others hear everything', async () => {
  const channel = createChannel()
  await using server = await sessions({ heartbeat: 0 })
  await using stopped = await wire(server.port, get())
  stopped.socket.pause()
  const slow = await server.next()
  await using reading = await wire(server.port, get())
  const fast = await server.next()
  for (const session of [slow, fast]) channel.subscribe(session)
  let published = 0
  while (!slow.signal.aborted) {
    channel.publish({ data: `${published++} ${'x'.repeat(64 * 1024)}` })
    while (fast.unsent > 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(slow.signal.reason).toMatchObject({ code: 'SSE_READER_TOO_SLOW' })
  channel.publish({ data: 'the last' })
  const heard = await reading.until('the last')
  for (let i = 0; i < published; i++) expect(heard).toContain(`data: ${i} x`)
})
