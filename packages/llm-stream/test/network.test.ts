import { gzipSync } from 'node:zlib'
import { serve } from '@sse-from-scratch/chunked'
import { createPool, type Dial, dial } from '@sse-from-scratch/http-raw'
import {
  fetchTransport,
  openai,
  type RecordedRead,
  type StreamChatOptions,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { rawTransport } from '@sse-from-scratch/sse-client/raw'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { raw, readRequest } from './raw-server.ts'
import { bytes, chat, dataOnly } from './wire.ts'

const token = dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })
const rest = dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]')
const body = token + rest
const KEPT = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: ${bytes(body).length}\r\n\r\n${body}`

const retry = { random: () => 0.999, maxDelay: 1 }
const ask = (server: { readonly url: string }, options: StreamChatOptions) =>
  streamChat(openai({ baseUrl: server.url }), chat, { retry, ...options }).outcome

/** A dial that counts. */
function counting(): { readonly dial: Dial; readonly opened: number } {
  let opened = 0
  return {
    dial: (url, options) => {
      opened++
      return dial(url, options)
    },
    get opened() {
      return opened
    },
  }
}

/** Answers so many requests on one connection, one after the other. */
const keptFor = (answers: number) => async (connection: Connection) => {
  await connection.write(bytes(KEPT))
  for (let left = answers - 1; left > 0; left--) {
    await readRequest(connection)
    await connection.write(bytes(KEPT))
  }
}

describe('dial', () => {
  test('opens one connection for an answer', async () => {
    await using server = await raw(keptFor(1))
    const network = counting()
    expect(await ask(server, { dial: network.dial })).toMatchObject({ complete: true })
    expect(network.opened).toBe(1)
  })

  test('opens none for an answer that was aborted before it began', async () => {
    await using server = await raw(keptFor(1))
    const network = counting()
    const { error } = await ask(server, { dial: network.dial, signal: AbortSignal.abort('no need') })
    expect(error).toMatchObject({ code: 'LLM_ABORTED', cause: 'no need' })
    await new Promise((resolve) => setImmediate(resolve))
    expect({ opened: network.opened, seen: server.connections }).toEqual({ opened: 0, seen: 0 })
  })

  test('opens none for a chat that cannot be asked', () => {
    const network = counting()
    expect(() => streamChat(openai(), { model: 'm', messages: [] }, { dial: network.dial })).toThrow(TypeError)
    expect(network.opened).toBe(0)
  })

  test('that hangs is LLM_TIMEOUT, and is told to stop', async () => {
    let signal: AbortSignal | undefined
    const hangs: Dial = (_url, options) => {
      signal = options.signal
      return new Promise(() => {})
    }
    const { error } = await ask(
      { url: 'http://a/v1' },
      { dial: hangs, timeouts: { connect: 20 }, retry: { attempts: 1 } },
    )
    expect(error).toMatchObject({ code: 'LLM_TIMEOUT', message: expect.stringContaining('timeouts.connect') })
    expect(signal?.aborted).toBe(true)
  })
})

describe('TLS', () => {
  const certificate = selfSignedCertificate()
  const secureServer = () =>
    serve(
      async (_request, respond) => {
        const stream = await respond(200, { 'Content-Type': 'text/event-stream' })
        await stream.write(bytes(token))
        await stream.write(bytes(rest))
        await stream.end()
      },
      { tls: certificate },
    )

  test('to a server that signs its own certificate, which `tls.ca` believes', async () => {
    await using server = await secureServer()
    const url = `https://localhost:${server.address.port}/v1`
    const entries: RecordedRead[] = []
    const options = { tls: { ca: certificate.cert }, record: (entry: RecordedRead) => entries.push(entry) }
    expect(await ask({ url }, options)).toMatchObject({ complete: true, text: 'tok' })
    expect(entries[0]).toMatchObject({ kind: 'open', tls: 'TLS' })
  })

  test('without `ca` is LLM_CONNECT that says what to check, and is not asked again', async () => {
    await using server = await secureServer()
    const url = `https://127.0.0.1:${server.address.port}/v1`
    const { error, attempts } = await ask({ url }, {})
    expect(error).toMatchObject({
      code: 'LLM_CONNECT',
      retryable: false,
      message: expect.stringMatching(/certificate/),
    })
    expect(attempts).toBe(1)
  })

  test('to a server that does not speak it is LLM_CONNECT', async () => {
    await using server = await raw(keptFor(1))
    const url = server.url.replace('http:', 'https:')
    expect((await ask({ url }, { timeouts: { connect: 100 }, retry: { attempts: 1 } })).error?.code).toMatch(
      /LLM_CONNECT|LLM_TIMEOUT/,
    )
  })
})

describe('a pool', () => {
  test('lets one answer after another use one connection', async () => {
    await using pool = createPool()
    await using server = await raw(keptFor(3))
    for (let i = 0; i < 3; i++) expect(await ask(server, { pool })).toMatchObject({ complete: true, attempts: 1 })
    expect(server.connections).toBe(1)
  })

  test('keeps no connection that was closed right behind its answer, whatever was advertised', async () => {
    await using pool = createPool()
    await using server = await raw(async (connection) => {
      await connection.write(bytes(KEPT))
      await connection.end()
    })
    for (let i = 0; i < 5; i++) {
      expect(await ask(server, { pool })).toMatchObject({ complete: true, text: 'tok', attempts: 1 })
    }
  })

  test('may hand out a connection that closes on the next request: it goes again, on a new one, within the attempt', async () => {
    await using pool = createPool()
    await using server = await raw(async (connection, nth) => {
      await connection.write(bytes(KEPT))
      if (nth > 1) return
      await readRequest(connection)
      await connection.end() // and not a byte of an answer
    })
    await ask(server, { pool })
    expect(await ask(server, { pool })).toMatchObject({ complete: true, text: 'tok', attempts: 1 })
    expect(server.connections).toBe(2)
  })

  test('with a kept connection has no wait for one: silence is that of the head', async () => {
    await using pool = createPool()
    await using server = await raw(async (connection) => {
      await connection.write(bytes(KEPT))
      await readRequest(connection)
    })
    await ask(server, { pool })
    const { error } = await ask(server, { pool, timeouts: { connect: 50, headers: 100 }, retry: { attempts: 1 } })
    expect(error).toMatchObject({ code: 'LLM_TIMEOUT', message: expect.stringContaining('timeouts.headers') })
    await server.gone
  })

  test('records each use of a connection by itself', async () => {
    await using pool = createPool()
    await using server = await raw(keptFor(2))
    const recorded = async () => {
      const entries: RecordedRead[] = []
      await ask(server, { pool, record: (entry) => entries.push(entry) })
      return entries
    }
    for (const entries of [await recorded(), await recorded()]) {
      expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['open', 'bytes']))
      const down = entries.flatMap((entry) =>
        entry.kind === 'bytes' && entry.direction === 'down' ? [entry.bytes] : [],
      )
      expect(new TextDecoder().decode(Buffer.concat(down))).toBe(KEPT)
    }
    expect(server.connections).toBe(1)
  })

  test('gets no connection back from an answer that was left', async () => {
    await using pool = createPool()
    await using server = await raw((connection) => connection.write(bytes(KEPT.slice(0, -body.length) + token)))
    const stream = streamChat(openai({ baseUrl: server.url }), chat, { pool })
    for await (const event of stream) if (event.kind === 'text') break
    expect(pool.open).toBe(0)
    await server.gone
  })

  test('that is full is LLM_CONNECT', async () => {
    await using pool = createPool({ maxConnections: 1, maxWaiting: 0 })
    await using server = await raw(() => {})
    const first = streamChat(openai({ baseUrl: server.url }), chat, { pool })
    const { error } = await ask(server, { pool, retry: { attempts: 1 } })
    expect(error).toMatchObject({ code: 'LLM_CONNECT', message: expect.stringContaining('pool is full') })
    first.abort()
  })
})

describe('a transport of the caller’s', () => {
  const silent = () => raw(() => {})
  const once = { retry: { attempts: 1 } }

  test('that loses its patience is LLM_TIMEOUT', async () => {
    await using server = await silent()
    const { error } = await ask(server, { ...once, transport: rawTransport({ headTimeout: 30 }) })
    expect(error).toMatchObject({ code: 'LLM_TIMEOUT', retryable: true, cause: { code: 'HTTP_TIMEOUT' } })
  })

  test('that is stopped by AbortSignal.timeout is LLM_TIMEOUT, before the head and behind it', async () => {
    await using server = await raw((connection, nth) =>
      nth === 1 ? undefined : connection.write(bytes(`HTTP/1.1 200 OK\r\n\r\n${token}`)),
    )
    const impatient: typeof fetch = (input, init) => {
      const signals = [AbortSignal.timeout(50), ...(init?.signal ? [init.signal] : [])]
      return fetch(input, { ...init, signal: AbortSignal.any(signals) })
    }
    for (let i = 0; i < 2; i++) {
      const { error } = await ask(server, { ...once, transport: fetchTransport(impatient) })
      expect(error).toMatchObject({ code: 'LLM_TIMEOUT', cause: { name: 'TimeoutError' } })
    }
  })

  test('that will not send a header is LLM_PROTOCOL, and is not asked again', async () => {
    await using server = await silent()
    const provider = openai({ baseUrl: server.url, headers: { 'Transfer-Encoding': 'chunked' } })
    const { error, attempts } = await streamChat(provider, chat, { transport: fetchTransport() }).outcome
    expect(error).toMatchObject({ code: 'LLM_PROTOCOL', message: expect.stringContaining('cannot be asked') })
    expect({ attempts, connections: server.connections }).toEqual({ attempts: 1, connections: 0 })
  })
})

describe('limits', () => {
  const padding = ': '.padEnd(1024, 'x') // of a comment: no event, and no token
  const answer = (size: number) => bytes(`${`${padding}\n`.repeat(size / 1025)}\n${body}`)

  test.each([
    ['as it is', (all: Uint8Array) => all, ''],
    ['compressed to next to nothing', (all: Uint8Array) => gzipSync(all), 'Content-Encoding: gzip\r\n'],
  ])('an answer one byte longer than maxAnswerSize is LLM_PROTOCOL, %s', async (_, encode, field) => {
    const all = answer(1025 * 1000)
    const encoded = encode(all)
    const head = `HTTP/1.1 200 OK\r\n${field}Content-Length: ${encoded.length}\r\n\r\n`
    await using server = await raw((connection) => connection.write(bytes(head), Uint8Array.from(encoded)))
    expect(await ask(server, { maxAnswerSize: all.length })).toMatchObject({ complete: true, text: 'tok' })
    const { error, metrics } = await ask(server, { maxAnswerSize: all.length - 1 })
    expect(error).toMatchObject({ code: 'LLM_PROTOCOL', message: expect.stringContaining('maxAnswerSize') })
    expect(metrics.bytes).toBeLessThanOrEqual(all.length)
  })

  test('an event longer than maxEventSize is LLM_PROTOCOL, and the connection is closed', async () => {
    const long = dataOnly({ id: 'c', choices: [{ index: 0, delta: { content: 'x'.repeat(5000) } }] })
    await using server = await raw((connection) => connection.write(bytes(`HTTP/1.1 200 OK\r\n\r\n${long}`)))
    const { error } = await ask(server, { maxEventSize: 4000 })
    expect(error).toMatchObject({ code: 'LLM_PROTOCOL' })
    await server.gone
  })

  test.each(['maxAnswerSize', 'maxEventSize'])('%s of nothing is a RangeError before anything is sent', (name) => {
    for (const size of [0, -1, Number.NaN])
      expect(() => streamChat(openai(), chat, { [name]: size })).toThrow(RangeError)
  })
})
