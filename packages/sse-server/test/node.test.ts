import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ClientHttp2Stream, connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Session } from '@sse-from-scratch/sse-server'
import { openSession, stopReconnecting } from '@sse-from-scratch/sse-server/node'
import { describe, expect, test, vi } from 'vitest'
import { arrivals } from './arrivals.ts'
import { nodeServer } from './servers.ts'
import { BLOCK, untilItWaits } from './slow-reader.ts'
import { get, wire } from './wire.ts'

/** A server that hands the test each session it opens. */
async function sessions(open: typeof openSession = openSession) {
  const opened = arrivals<Session>()
  const server = await nodeServer((req, res) => opened.add(open(req, res)))
  return { ...server, next: opened.next, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const GONE = expect.objectContaining({ code: 'SSE_CLIENT_GONE' })
describe('the head', () => {
  test('leaves at once, before there is an event', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    const answer = await client.until('\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(answer).toContain('Content-Type: text/event-stream\r\n')
    expect(answer).toContain('Cache-Control: no-cache, no-transform\r\n')
    expect(answer).toContain('X-Accel-Buffering: no\r\n')
  })

  test('keeps what was set before, and takes what the options add or replace', async () => {
    await using server = await sessions((req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*')
      return openSession(req, res, {
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'X-Request-Id': '7' },
      })
    })
    await using client = await wire(server.port, get())
    const answer = (await client.until('\r\n\r\n')).toLowerCase()
    expect(answer.match(/content-type: .*/g)).toEqual(['content-type: text/event-stream; charset=utf-8'])
    expect(answer).toContain('access-control-allow-origin: *')
    expect(answer).toContain('x-request-id: 7')
  })

  test('is not begun when the caller is mistaken', async () => {
    await using server = await nodeServer((req, res) => {
      expect(() => openSession(req, res, { heartbeat: -1 })).toThrow(RangeError)
      expect(() => openSession(req, res, { headers: { 'X-A': 'b\r\nc: d' } })).toThrow(TypeError)
      expect(res.headersSent).toBe(false)
      res.write('begun')
      expect(() => openSession(req, res)).toThrow(TypeError)
      res.end()
    })
    await using client = await wire(server.port, get('Connection: close'))
    expect(await client.end).toContain('begun')
  })

  test('HEAD gets the head and no stream, and the connection goes on', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get().replace('GET', 'HEAD'))
    const session = await server.next()
    expect(session.signal.reason).toEqual(GONE)
    await session.closed
    await expect(session.send({ data: 'x' })).rejects.toEqual(GONE)
    client.socket.write(get())
    await (await server.next()).send({ data: 'second' })
    const answer = await client.until('second')
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2)
    expect(answer.match(/text\/event-stream/g)).toHaveLength(2)
  })

  test('204 tells the client to stay away, and no cache may repeat it', async () => {
    await using server = await nodeServer((_, res) => stopReconnecting(res))
    await using client = await wire(server.port, get('Connection: close'))
    expect(await client.end).toMatch(/^HTTP\/1.1 204 [\s\S]*Cache-Control: no-store\r\n[\s\S]*\r\n\r\n$/)
  })
})

describe('the last event ID', () => {
  test.each([
    ['plain', 'plain'],
    [Buffer.from('ü水').toString('latin1'), 'ü水'],
    ['f\xfcr', 'für'], // latin1 from a client that knows no better: left as it is
  ])('%j is %j', async (field, id) => {
    await using server = await sessions()
    await using client = await wire(server.port, get(`Last-Event-ID: ${field}`))
    await client.until('\r\n\r\n')
    expect((await server.next()).lastEventId).toBe(id)
  })

  test('is undefined without the field and with an empty one, and the option has the last word', async () => {
    const options = [{}, {}, { lastEventId: 'from the query' }]
    await using server = await sessions((req, res) => openSession(req, res, options.shift()))
    const ids: unknown[] = []
    for (const fields of [[], ['Last-Event-ID:'], ['Last-Event-ID: 1']]) {
      await using client = await wire(server.port, get(...fields))
      await client.until('\r\n\r\n')
      ids.push((await server.next()).lastEventId)
    }
    expect(ids).toEqual([undefined, undefined, 'from the query'])
  })
})

describe('a client that leaves', () => {
  test('ends an idle session at once, by FIN and by RST', async () => {
    await using server = await sessions()
    for (const leave of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.resetAndDestroy()]) {
      await using client = await wire(server.port, get())
      const session = await server.next()
      await client.until('\r\n\r\n')
      leave(client.socket)
      await session.closed
      expect(session.signal.reason).toEqual(GONE)
    }
  })

  test('settles the send that waits for it to read', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    client.socket.pause()
    const session = await server.next()
    const { waiting } = await untilItWaits(session)
    client.socket.resetAndDestroy()
    await expect(waiting).rejects.toEqual(GONE)
    expect(session.signal.reason).toEqual(GONE)
  })

  test('before the session is opened is noticed too', async () => {
    const opened = arrivals<Session>()
    await using server = await nodeServer(async (req, res) => {
      client.socket.destroy()
      await once(res, 'close')
      opened.add(openSession(req, res))
    })
    await using client = await wire(server.port, get())
    const session = await opened.next()
    expect(session.signal.reason).toEqual(GONE)
    await session.end()
  })

  test('ends a session that still queues behind a pipelined one, which never gets its own close', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get() + get())
    const [first, queued] = [await server.next(), await server.next()]
    expect(queued.signal.aborted).toBe(false)
    client.socket.destroy()
    await Promise.all([first.closed, queued.closed])
    expect(queued.signal.reason).toEqual(GONE)
  })
})

describe('the end', () => {
  test('delivers everything before it, and the connection is kept for the next request', async () => {
    await using server = await sessions()
    await using client = await wire(server.port, get())
    const session = await server.next()
    session.push(BLOCK)
    await session.end()
    expect(await client.until('0\r\n\r\n')).toContain('x\n\n\r\n0\r\n\r\n')
    client.socket.write(get())
    session.abort() // too late to hurt
    await (await server.next()).send({ data: 'second' })
    await client.until('second')
  })

  test('abort is a cut: RST, which an HTTP/1.0 client too can tell from the end', async () => {
    await using server = await sessions()
    for (const request of [get(), get().replace('1.1', '1.0')]) {
      await using client = await wire(server.port, request)
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

describe('nothing is left behind', () => {
  test('thousands of waiting writes add no listener and no warning', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    let response: ServerResponse | undefined
    await using server = await sessions((req, res) => {
      response = res
      return openSession(req, res)
    })
    await using client = await wire(server.port, get())
    client.socket.pause()
    const session = await server.next()
    const { waiting } = await untilItWaits(session)
    const sends = Array.from({ length: 3000 }, (_, i) => session.send({ data: `${i}` }))
    expect(response?.listenerCount('drain')).toBe(1)
    client.socket.resume()
    await Promise.all([waiting, ...sends])
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', warned)
    expect(warned).not.toHaveBeenCalled()
  })

  test('a kept-alive socket has as many listeners after twenty sessions as after one', async () => {
    let socket: Socket | undefined
    await using server = await sessions((req: IncomingMessage, res) => {
      socket = req.socket
      return openSession(req, res)
    })
    await using client = await wire(server.port, '')
    const counts: number[] = []
    for (let i = 0; i < 20; i++) {
      client.socket.write(get())
      const session = await server.next()
      await session.send({ data: `<${i}>` })
      await session.end()
      await client.until(`<${i}>`)
      counts.push(socket?.listenerCount('close') ?? -1)
    }
    expect(new Set(counts).size).toBe(1)
  })

  test('the heartbeat does not keep the process alive', async () => {
    const interval = vi.spyOn(globalThis, 'setInterval')
    await using server = await sessions()
    await using client = await wire(server.port, get())
    await client.until('\r\n\r\n')
    await server.next()
    const timers = interval.mock.results.map(({ value }) => value as NodeJS.Timeout)
    interval.mockRestore()
    expect(timers.map((timer) => timer.hasRef())).toContain(false)
  })
})

test('over TLS an abort is a cut as well: the last chunk is missing', async () => {
  const shared = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' as const } // a key both know: no certificate
  const psk = Buffer.alloc(16, 7)
  const opened = arrivals<Session>()
  const server = createHttpsServer({ ...shared, pskCallback: () => psk }, (req, res) =>
    opened.add(openSession(req, res)),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectTls({
    ...shared,
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    pskCallback: () => ({ psk, identity: 'test' }),
    checkServerIdentity: () => undefined,
  })
  let answer = ''
  client.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  client.write(get())
  const session = await opened.next()
  await session.send({ data: 'x' })
  while (!answer.includes('data: x')) await once(client, 'data')
  session.abort()
  await once(client, 'close')
  expect(answer).toMatch(/data: x\n\n\r\n$/)
  server.close()
})

test('the compatibility API of node:http2 is served too: many streams on one connection, each with its own end', async () => {
  const warned = vi.fn()
  process.on('warning', warned)
  const opened = arrivals<Session>()
  const server = createHttp2Server((req, res) => {
    // The two APIs are alike on purpose; the types of @types/node are not.
    opened.add(openSession(req as unknown as IncomingMessage, res as unknown as ServerResponse))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const streams = Array.from({ length: 20 }, () => client.request({ ':path': '/' }).setEncoding('utf8'))
  const sessions: Session[] = []
  for (const stream of streams) {
    const [headers] = await once(stream, 'response')
    expect(headers['content-type']).toBe('text/event-stream')
    sessions.push(await opened.next())
  }
  sessions[0]?.abort()
  await once(streams[0] as ClientHttp2Stream, 'close')
  for (const [i, session] of sessions.entries()) {
    if (i === 0) continue
    const heard = once(streams[i] as ClientHttp2Stream, 'data')
    await session.send({ data: `${i}, still here` })
    expect(await heard).toEqual([`data: ${i}, still here\n\n`])
  }
  client.destroy()
  await Promise.all(sessions.map(({ closed }) => closed))
  server.close()
  process.off('warning', warned)
  expect(warned).not.toHaveBeenCalled()
})
