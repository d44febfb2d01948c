import type { Zlib } from 'node:zlib'
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateSync,
  gzipSync,
} from 'node:zlib'
import {
  type ChatStream,
  fetchTransport,
  type LlmErrorCode,
  openai,
  type StreamChatOptions,
  streamChat,
  type Timeouts,
} from '@sse-from-scratch/llm-stream'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { raw } from './raw-server.ts'
import { bytes, chat, dataOnly } from './wire.ts'

const token = dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })
const rest = dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]')
const EVENTS = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
const CHUNKED = `${EVENTS}Transfer-Encoding: chunked\r\n\r\n`
const PLAIN = `${EVENTS}Connection: close\r\n\r\n`
const chunk = (text: string) => `${bytes(text).length.toString(16)}\r\n${text}\r\n`
const whole = `${CHUNKED}${chunk(token)}${chunk(rest)}0\r\n\r\n`

const transports: readonly (readonly [string, () => StreamChatOptions])[] = [
  ['our own HTTP', () => ({})],
  ['fetch', () => ({ transport: fetchTransport() })],
]

/** At once: what is asked again is asked again without a wait. */
const retry = { random: () => 0.999, maxDelay: 1 }

const ask = (server: { readonly url: string }, options: StreamChatOptions): ChatStream =>
  streamChat(openai({ baseUrl: server.url }), chat, { retry, ...options })

const send = (text: string | Uint8Array) => (connection: Connection) =>
  connection.write(typeof text === 'string' ? bytes(text) : text)

const sendAndEnd = (text: string) => async (connection: Connection) => {
  await connection.write(bytes(text))
  await connection.end()
}

describe.each(transports)('over %s', (name, over) => {
  const isFetch = name === 'fetch'

  describe('a stream that', () => {
    test.each<[string, LlmErrorCode, (connection: Connection) => Promise<void> | void]>([
      ['ends without an end mark is LLM_TRUNCATED', 'LLM_TRUNCATED', sendAndEnd(`${PLAIN}${token}`)],
      [
        'ends its chunks without an end mark is LLM_TRUNCATED',
        'LLM_TRUNCATED',
        send(`${CHUNKED}${chunk(token)}0\r\n\r\n`),
      ],
      ['is cut in a chunk-size line is LLM_TRUNCATED', 'LLM_TRUNCATED', sendAndEnd(`${CHUNKED}${chunk(token)}1`)],
      ['is cut in a chunk is LLM_TRUNCATED', 'LLM_TRUNCATED', sendAndEnd(`${CHUNKED}${chunk(token)}ff\r\ndata:`)],
      ['lacks its last chunk is LLM_TRUNCATED', 'LLM_TRUNCATED', sendAndEnd(`${CHUNKED}${chunk(token)}`)],
      [
        'is short of its Content-Length is LLM_TRUNCATED',
        'LLM_TRUNCATED',
        sendAndEnd(`${EVENTS}Content-Length: 9999\r\n\r\n${token}`),
      ],
      [
        'is cut in a character is LLM_TRUNCATED',
        'LLM_TRUNCATED',
        async (connection) => {
          await connection.write(
            bytes(`${PLAIN}${token}data: {"choices":[{"delta":{"content":"`),
            Uint8Array.of(0xf0, 0x9f),
          )
          await connection.end()
        },
      ],
    ])('%s, and what came is kept', async (_, code, answer) => {
      await using server = await raw(answer)
      const outcome = await ask(server, over()).outcome
      expect(outcome).toMatchObject({ complete: false, text: 'tok', attempts: 1, error: { code, retryable: false } })
    })

    test('is reset after its first token is LLM_TRUNCATED, and what came is kept', async () => {
      let reset = () => {}
      await using server = await raw(async (connection) => {
        reset = () => connection.abort()
        await connection.write(bytes(`${CHUNKED}${chunk(token)}`))
      })
      const stream = ask(server, over())
      const run = async () => {
        for await (const event of stream) if (event.kind === 'text') reset()
      }
      await expect(run()).rejects.toMatchObject({ code: 'LLM_TRUNCATED', retryable: false })
      expect(await stream.outcome).toMatchObject({ text: 'tok', attempts: 1 })
    })

    test('has a broken chunk size is told as it is', async () => {
      await using server = await raw(sendAndEnd(`${CHUNKED}${chunk(token)}zz\r\n`))
      const { error, text } = await ask(server, over()).outcome
      // fetch says `terminated` for whatever ends a body: it cannot tell.
      expect(error?.code).toBe(isFetch ? 'LLM_TRUNCATED' : 'LLM_PROTOCOL')
      expect(text).toBe('tok')
    })

    test('goes on behind its end mark is complete, and what comes then is nobody’s', async () => {
      await using server = await raw(send(`${CHUNKED}${chunk(token)}${chunk(rest + token)}0\r\n\r\n`))
      expect(await ask(server, over()).outcome).toMatchObject({ complete: true, text: 'tok' })
    })

    test('never closes behind its end mark is complete at once, and is closed', async () => {
      await using server = await raw(send(`${CHUNKED}${chunk(token)}${chunk(rest)}`))
      expect(await ask(server, over()).outcome).toMatchObject({ complete: true, text: 'tok' })
      await server.gone
    })

    test('lacks the blank line behind its last event is complete, unless that is asked for', async () => {
      const usage = dataOnly({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }).trimEnd()
      const finish = dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
      await using server = await raw(sendAndEnd(`${PLAIN}${token}${finish}${usage}`))
      const said = { inputTokens: 3, outputTokens: 4 }
      expect(await ask(server, over()).outcome).toMatchObject({ complete: true, usage: said })
      const strict = await ask(server, { ...over(), flushLastEvent: false }).outcome
      expect(strict).toMatchObject({ complete: true, usage: undefined })
    })
  })

  describe('before its first content', () => {
    test.each<[string, string]>([
      ['a connection that is closed without a word', ''],
      ['a body that ends', `${EVENTS}Content-Length: 0\r\nConnection: close\r\n\r\n`],
      ['a body that is cut', `${CHUNKED}${chunk(': processing\n\n')}`],
      ['an error in the stream', `${CHUNKED}${chunk(dataOnly({ error: { type: 'overloaded_error' } }))}`],
      ['503', 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
    ])('%s is asked again', async (_, first) => {
      await using server = await raw((connection, nth) => sendAndEnd(nth === 1 ? first : whole)(connection))
      expect(await ask(server, over()).outcome).toMatchObject({ complete: true, text: 'tok', attempts: 2 })
      if (!isFetch) expect(server.connections).toBe(2) // fetch opens one more than it uses when it feels like it
    })

    test('a reset is asked again', async () => {
      await using server = await raw((connection, nth) => (nth === 1 ? connection.abort() : send(whole)(connection)))
      expect(await ask(server, over()).outcome).toMatchObject({ complete: true, text: 'tok', attempts: 2 })
    })

    test('nobody listening is asked again, and is LLM_CONNECT', async () => {
      const server = await raw(() => {})
      const { url } = server
      await server[Symbol.asyncDispose]()
      expect(await ask({ url }, over()).outcome).toMatchObject({
        attempts: 3,
        error: { code: 'LLM_CONNECT', retryable: true, message: expect.stringContaining('Is the server running') },
      })
    })
  })

  describe('silence', () => {
    const comments = async (connection: Connection) => {
      const timer = setInterval(() => connection.write(bytes(chunk(': keep-alive\n\n'))).catch(() => {}), 5)
      connection.signal.addEventListener('abort', () => clearInterval(timer))
    }
    test.each<[string, keyof Timeouts, (connection: Connection) => Promise<void> | void]>([
      ['instead of a head', 'headers', () => {}],
      ['behind the head', 'firstToken', send(CHUNKED)],
      ['behind a token', 'idle', send(`${CHUNKED}${chunk(token)}`)],
      [
        'with comments instead of a first token',
        'firstToken',
        async (connection) => {
          await connection.write(bytes(CHUNKED))
          await comments(connection)
        },
      ],
      [
        'with comments behind a token',
        'progress',
        async (connection) => {
          await connection.write(bytes(`${CHUNKED}${chunk(token)}`))
          await comments(connection)
        },
      ],
    ])('%s is LLM_TIMEOUT, and the connection is closed', async (_, wait, answer) => {
      await using server = await raw(answer)
      const options = { ...over(), timeouts: { [wait]: 80 }, retry: { attempts: 1 } }
      const { error } = await ask(server, options).outcome
      expect(error).toMatchObject({ code: 'LLM_TIMEOUT', message: expect.stringContaining(`timeouts.${wait}`) })
      await server.gone
    })
  })

  describe('an answer in another form', () => {
    const of = (head: string, body: string) =>
      `HTTP/1.1 200 OK\r\n${head}Content-Length: ${bytes(body).length}\r\n\r\n${body}`
    const completion = JSON.stringify({
      id: 'c',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'tok' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    })

    test('a page with status 200 is LLM_PROTOCOL that says what to check, and is not asked again', async () => {
      const page = '<!DOCTYPE html><html><head><title>Sign in to AirportWiFi</title></head></html>'
      await using server = await raw(send(of('Content-Type: text/html\r\n', page)))
      const { error, attempts } = await ask(server, over()).outcome
      expect(error).toMatchObject({ code: 'LLM_PROTOCOL', retryable: false })
      expect(error?.message).toMatch(/HTML page.*check the base URL.*login pages/)
      expect(attempts).toBe(1)
    })

    test('a JSON document is the answer, whole', async () => {
      await using server = await raw(send(of('Content-Type: application/json\r\n', completion)))
      expect(await ask(server, over()).outcome).toMatchObject({
        complete: true,
        text: 'tok',
        usage: { inputTokens: 1, outputTokens: 2 },
      })
    })

    test('half a JSON document is no answer', async () => {
      await using server = await raw(send(of('Content-Type: application/json\r\n', completion.slice(0, -20))))
      expect((await ask(server, over()).outcome).error?.code).toBe('LLM_PROTOCOL')
    })

    test('a success without a body is no answer', async () => {
      await using server = await raw(sendAndEnd('HTTP/1.1 204 No Content\r\n\r\n'))
      expect(await ask(server, { ...over(), retry: { attempts: 1 } }).outcome).toMatchObject({ complete: false })
    })
  })

  describe('interim responses (RFC 9110 §15.2) that nobody asked for', () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'
    test('103 is no answer', async () => {
      await using server = await raw(send(hints + whole))
      expect(await ask(server, over()).outcome).toMatchObject({ complete: true, attempts: 1 })
    })

    test('100 is none either, where the transport allows it', async () => {
      await using server = await raw(send(`HTTP/1.1 100 Continue\r\n\r\n${hints}${whole}`))
      const outcome = await ask(server, over()).outcome
      // RFC 9110 §15.2: a client MUST be able to parse one or more 1xx, even if it does not expect any. Node's fetch is not.
      if (isFetch) expect([undefined, 'LLM_CONNECT']).toContain(outcome.error?.code)
      else expect(outcome).toMatchObject({ complete: true, attempts: 1 })
    })
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('a body in %s is read, although nobody asked for it', async (coding, compress) => {
    const body = compress(bytes(token + rest))
    const head = `${EVENTS}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`
    await using server = await raw(send(Buffer.concat([bytes(head), body])))
    expect(await ask(server, over()).outcome).toMatchObject({ complete: true, text: 'tok' })
  })

  test.each<[string, () => Zlib & NodeJS.ReadWriteStream & { flush(kind: number, done: () => void): void }, number]>([
    ['gzip', () => createGzip(), constants.Z_SYNC_FLUSH],
    ['deflate', () => createDeflate(), constants.Z_SYNC_FLUSH],
    ['br', () => createBrotliCompress(), constants.BROTLI_OPERATION_FLUSH],
  ])('each token of a body in %s comes when it is flushed', async (coding, create, flush) => {
    const zlib = create()
    let next = () => {}
    await using server = await raw(async (connection) => {
      await connection.write(bytes(`${EVENTS}Content-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`))
      zlib.on('data', (part: Uint8Array) => {
        connection.write(bytes(`${part.length.toString(16)}\r\n`), Uint8Array.from(part), bytes('\r\n')).catch(() => {})
      })
      zlib.on('end', () => void connection.write(bytes('0\r\n\r\n')).catch(() => {}))
      next = () => {
        zlib.write(token)
        zlib.flush(flush, () => {})
      }
      next()
    })
    const stream = ask(server, over())
    let tokens = 0
    for await (const event of stream) {
      if (event.kind === 'text' && ++tokens < 5)
        next() // the next one is not even written before this one is here
      else if (event.kind === 'text') zlib.end(rest)
    }
    expect(await stream.outcome).toMatchObject({ complete: true, text: 'tok'.repeat(5) })
  })

  test('a head and a body in reads of one byte are what they are whole', async () => {
    await using server = await raw(async (connection) => {
      for (const byte of bytes(whole)) await connection.write(Uint8Array.of(byte))
    })
    expect(await ask(server, over()).outcome).toMatchObject({ complete: true, text: 'tok' })
  })

  test('a server that says keep-alive, and closes behind every answer, answers the next request as well', async () => {
    await using server = await raw(async (connection) => {
      await connection.write(
        bytes(whole.replace('\r\n\r\n', '\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n')),
      )
      await connection.end()
    })
    const options = over()
    for (let i = 0; i < 5; i++) {
      expect(await ask(server, options).outcome).toMatchObject({ complete: true, text: 'tok' })
    }
  })

  test('a head without an end is refused long before memory runs out', async () => {
    await using server = await raw(async (connection) => {
      await connection.write(bytes('HTTP/1.1 200 OK\r\n'))
      const line = bytes(`X-Pad: ${'x'.repeat(1000)}\r\n`)
      for (let i = 0; i < 2000 && !connection.signal.aborted; i++) await connection.write(line).catch(() => {})
    })
    const { error } = await ask(server, { ...over(), retry: { attempts: 1 } }).outcome
    expect(error?.code).toBe(isFetch ? 'LLM_CONNECT' : 'LLM_PROTOCOL')
    await server.gone
  })
})
