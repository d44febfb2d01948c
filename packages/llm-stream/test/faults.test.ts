import { serve } from '@sse-from-scratch/chunked'
import {
  type ChatStream,
  type LlmError,
  openai,
  type StreamChatOptions,
  type Timeouts,
} from '@sse-from-scratch/llm-stream'
import type { Transport } from '@sse-from-scratch/sse-client'
import { type Connection, listen } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { raw, urlOf } from './raw-server.ts'
import { askOnce, bytes, chat, collect, dataOnly } from './wire.ts'

const token = dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })
const rest = dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]')
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
const chunk = (text: string) => `${bytes(text).length.toString(16)}\r\n${text}\r\n`

function asking(server: { readonly url: string }, options: StreamChatOptions = {}): ChatStream {
  return askOnce(openai({ baseUrl: server.url }), chat, options)
}

const send = (text: string) => (connection: Connection) => connection.write(bytes(text))

describe('a connection that breaks', () => {
  test.each([
    ['in the middle of a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}ff\r\ndata:`],
    ['in a chunk-size line', `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}1`],
    ['before the last chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}`],
    ['short of its Content-Length', `${HEAD}Content-Length: 9999\r\n\r\n${token}`],
    ['where only the connection ends the body', `${HEAD}\r\n${token}`],
    [
      'after a last chunk, but before the end mark',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}0\r\n\r\n`,
    ],
  ])('%s is LLM_TRUNCATED, and what came is kept', async (_, text) => {
    await using server = await raw(async (connection) => {
      await connection.write(bytes(text))
      await connection.end()
    })
    const stream = asking(server)
    const { events, error } = await collect(stream)
    expect(events.map((event) => event.kind)).toEqual(['start', 'text'])
    expect(error).toMatchObject({ code: 'LLM_TRUNCATED', retryable: false })
    const outcome = await stream.outcome
    expect(outcome).toMatchObject({ complete: false, text: 'tok', stopReason: undefined })
    expect(outcome.error).toBe(error)
  })

  test('by a reset is LLM_TRUNCATED', async () => {
    let reset: () => void = () => {}
    await using server = await raw(async (connection) => {
      await connection.write(bytes(`${HEAD}\r\n${token}`))
      reset = () => connection.abort()
    })
    const stream = asking(server)
    const run = async () => {
      for await (const event of stream) if (event.kind === 'text') reset()
    }
    await expect(run()).rejects.toMatchObject({ code: 'LLM_TRUNCATED' })
    expect((await stream.outcome).text).toBe('tok')
  })

  test('before it answers is LLM_CONNECT', async () => {
    await using server = await raw((connection) => connection.end())
    expect((await asking(server).outcome).error).toMatchObject({ code: 'LLM_CONNECT', retryable: true })
  })
})

test.each([
  ['broken chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}zz\r\n`],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
])('a server that sends %s is LLM_PROTOCOL', async (_, text) => {
  await using server = await raw(async (connection) => {
    await connection.write(bytes(text))
    await connection.end()
  })
  expect((await asking(server).outcome).error).toMatchObject({ code: 'LLM_PROTOCOL' })
})

test('nobody listening is LLM_CONNECT, with what to check', async () => {
  const listener = await listen(() => {})
  const url = urlOf(listener)
  await listener[Symbol.asyncDispose]()
  const { error, usage, metrics } = await asking({ url }).outcome
  expect(error).toMatchObject({ code: 'LLM_CONNECT', retryable: true, cause: { code: 'TCP_REFUSED' } })
  expect(error?.message).toMatch(/Is the server running, and is the base URL right\?/)
  expect({ usage, bytes: metrics.bytes, firstByte: metrics.firstByte }).toEqual({
    usage: undefined,
    bytes: 0,
    firstByte: undefined,
  })
})

test('1xx responses before the answer are no answer (RFC 9110 §15.2)', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'
  await using server = await raw(
    send(`${interim}${HEAD}Content-Length: ${token.length + rest.length}\r\n\r\n${token}${rest}`),
  )
  expect(await asking(server).outcome).toMatchObject({ complete: true, text: 'tok' })
})

test('an answer is over at its end mark: a body that lingers is not waited for, and is closed', async () => {
  await using server = await raw(send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}${chunk(rest)}`))
  expect(await asking(server).outcome).toMatchObject({ complete: true, text: 'tok' })
  await server.gone
})

test('an answer that ends properly is not reset', async () => {
  await using server = await raw(
    send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(token)}${chunk(rest)}0\r\n\r\n`),
  )
  expect(await asking(server).outcome).toMatchObject({ complete: true })
  expect(await server.gone).toBe('end')
})

describe('leaving', () => {
  const endless = async (connection: Connection) => {
    await connection.write(bytes(`${HEAD}\r\n${token}`))
  }

  test('the loop closes the socket and is LLM_ABORTED in the outcome', async () => {
    await using server = await raw(endless)
    const stream = asking(server)
    for await (const event of stream) if (event.kind === 'text') break
    expect(await stream.outcome).toMatchObject({
      complete: false,
      text: 'tok',
      error: { code: 'LLM_ABORTED', retryable: false },
      usage: { estimated: true },
    })
    await server.gone
  })

  test('by abort() ends the iteration with LLM_ABORTED, whose cause is the reason', async () => {
    await using server = await raw(endless)
    const stream = asking(server)
    const reason = new Error('enough')
    const run = async () => {
      for await (const event of stream) if (event.kind === 'text') setImmediate(() => stream.abort(reason))
    }
    await expect(run()).rejects.toMatchObject({ code: 'LLM_ABORTED', cause: reason })
    await server.gone
  })

  test('by abort() aborts the request within the call', () => {
    let signal: AbortSignal | undefined
    const transport: Transport = (request) => {
      signal = request.signal
      return new Promise(() => {})
    }
    const stream = askOnce(openai(), chat, { transport })
    expect(signal?.aborted).toBe(false)
    stream.abort()
    expect(signal?.aborted).toBe(true)
  })

  test('by a signal is LLM_ABORTED even if the transport does not listen to it', async () => {
    const leaving = new AbortController()
    const stream = askOnce(openai(), chat, { transport: () => new Promise(() => {}), signal: leaving.signal })
    leaving.abort(new Error('bye'))
    expect((await stream.outcome).error).toMatchObject({ code: 'LLM_ABORTED', cause: { message: 'bye' } })
    await expect(collect(stream)).resolves.toMatchObject({ events: [], error: { code: 'LLM_ABORTED' } })
  })

  test('ends a next() that waits for a transport that listens to nothing', async () => {
    const stream = askOnce(openai(), chat, { transport: () => new Promise(() => {}) })
    const waiting = stream[Symbol.asyncIterator]().next()
    setImmediate(() => stream.abort())
    await expect(waiting).rejects.toMatchObject({ code: 'LLM_ABORTED' })
  })

  test('before the start means that nothing is sent', async () => {
    let asked = false
    const transport: Transport = async () => {
      asked = true
      return { status: 200, contentType: null, body: null }
    }
    const { error, metrics } = await askOnce(openai(), chat, { transport, signal: AbortSignal.abort() }).outcome
    expect(error?.code).toBe('LLM_ABORTED')
    expect({ asked, bytes: metrics.bytes }).toEqual({ asked: false, bytes: 0 })
  })

  test('by dispose closes the socket', async () => {
    await using server = await raw(endless)
    {
      await using stream = asking(server)
      const iterator = stream[Symbol.asyncIterator]()
      await iterator.next()
    }
    await server.gone
  })

  test('by return() ends a next() that is still waiting', async () => {
    await using server = await raw(endless)
    const iterator = asking(server)[Symbol.asyncIterator]()
    while ((await iterator.next()).value?.kind !== 'text');
    const waiting = iterator.next()
    await iterator.return?.()
    await expect(waiting).resolves.toEqual({ done: true, value: undefined })
    await server.gone
  })

  test('after the end changes nothing', async () => {
    await using server = await raw(send(`${HEAD}Content-Length: ${token.length + rest.length}\r\n\r\n${token}${rest}`))
    const stream = asking(server)
    await collect(stream)
    stream.abort()
    expect(await stream.outcome).toMatchObject({ complete: true, error: undefined })
  })
})

describe('a limit that runs out is LLM_TIMEOUT', () => {
  const cases: readonly (readonly [keyof Timeouts, (connection: Connection) => Promise<void> | void])[] = [
    ['headers', () => {}],
    ['total', send(`${HEAD}\r\n${token}`)],
    ['firstToken', send(`${HEAD}\r\n: hello\n\n`)],
    ['idle', send(`${HEAD}\r\n${token}`)],
    [
      'progress',
      async (connection) => {
        await connection.write(bytes(`${HEAD}\r\n${token}`))
        const ping = setInterval(() => connection.write(bytes(': keep-alive\n\n')).catch(() => {}), 5)
        connection.signal.addEventListener('abort', () => clearInterval(ping))
      },
    ],
  ]
  test.each(cases)('%s', async (name, answer) => {
    await using server = await raw(answer)
    const { error } = await asking(server, { timeouts: { [name]: 60 } }).outcome
    expect(error).toMatchObject({ code: 'LLM_TIMEOUT', message: expect.stringContaining(`timeouts.${name}`) })
    await server.gone
  })

  test('connect, which a transport of ours can tell', async () => {
    // The server takes the connection and never speaks TLS.
    await using listener = await listen(async (connection) => {
      for await (const _ of connection);
    })
    const provider = openai({ baseUrl: `https://127.0.0.1:${listener.address.port}/v1` })
    const { error } = await askOnce(provider, chat, { timeouts: { connect: 60 } }).outcome
    expect(error).toMatchObject({ code: 'LLM_TIMEOUT', message: expect.stringContaining('timeouts.connect') })
  })

  test.each([0, -1, Number.NaN])('and %d is none: RangeError before anything is sent', (idle) => {
    expect(() => askOnce(openai(), chat, { timeouts: { idle } })).toThrow(RangeError)
  })
})

describe('reading', () => {
  /** Writes tokens for as long as it is polite to; resolves with how many bytes that was. */
  async function flood(connection: Connection): Promise<number> {
    await connection.write(bytes(`${HEAD}\r\n`))
    const piece = bytes(token.repeat(500))
    let sent = 0
    do {
      connection.write(piece).catch(() => {})
      sent += piece.length
      await new Promise((resolve) => setImmediate(resolve))
    } while (connection.unsent === 0 && sent < 200_000_000)
    return sent
  }

  test('slowly slows the provider down: what is not asked for stays with it', async () => {
    let stuck: (sent: number) => void = () => {}
    const sent = new Promise<number>((resolve) => {
      stuck = resolve
    })
    await using server = await raw(async (connection) => stuck(await flood(connection)))
    const stream = asking(server)
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    expect(await sent).toBeLessThan(64 * 1024 * 1024) // what fits into the kernel's buffers, not what could be sent
    stream.abort()
    await server.gone
  })

  test('the outcome alone reads through, and a late iteration misses nothing', async () => {
    await using server = await serve(async (_request, respond) => {
      const body = await respond(200, { 'Content-Type': 'text/event-stream' })
      for (let i = 0; i < 50; i++) await body.write(bytes(token))
      await body.write(bytes(rest))
      await body.end()
    })
    const stream = asking({ url: urlOf(server) })
    expect((await stream.outcome).text).toBe('tok'.repeat(50))
    const { events, error } = await collect(stream)
    expect(error).toBeUndefined()
    expect(events.filter((event) => event.kind === 'text')).toHaveLength(50)
  })

  test('asking for the outcome first does not take the events away', async () => {
    await using server = await raw(send(`${HEAD}Content-Length: ${token.length + rest.length}\r\n\r\n${token}${rest}`))
    const stream = asking(server)
    const outcome = stream.outcome
    expect((await collect(stream)).events.map((event) => event.kind)).toEqual(['start', 'text', 'stop'])
    expect((await outcome).complete).toBe(true)
  })

  test('twice is a TypeError', async () => {
    await using server = await raw(send(`${HEAD}Content-Length: ${token.length + rest.length}\r\n\r\n${token}${rest}`))
    const stream = asking(server)
    await collect(stream)
    expect(() => stream[Symbol.asyncIterator]()).toThrow(TypeError)
  })

  test('a failure throws once, and then the iteration is over', async () => {
    const stream = askOnce(openai(), chat, { transport: () => Promise.reject(new Error('no')) })
    const iterator = stream[Symbol.asyncIterator]()
    const error = await iterator.next().catch((error: LlmError) => error)
    expect(error).toMatchObject({ code: 'LLM_CONNECT' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})
