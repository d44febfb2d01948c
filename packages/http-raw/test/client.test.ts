import { type BodyEvent, Fields, type RequestOptions, request, type TransferCoding } from '@sse-from-scratch/http-raw'
import { type Connection, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, origin, readToEnd, readUntil, toyChunked } from './support.ts'

const transferCodings = [toyChunked]
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

/** The server's end of a connection in memory, and the options to reach it. */
function pair(): { readonly server: Connection; readonly options: RequestOptions } {
  const [client, server] = memoryPair()
  return { server, options: { dial: async () => client, transferCodings } }
}

/** What a request looks like on the wire; it is answered with `answer`. */
async function wire(url: string, options: RequestOptions = {}, answer = OK): Promise<string> {
  const { server, options: reach } = pair()
  const sent = readUntil(server, '\r\n\r\n')
  const response = request(url, { ...reach, ...options })
  const head = await Promise.race([sent, response.then(() => sent)])
  await server.write(bytes(answer))
  await (await response).body.bytes()
  return head + (await readToEnd(server))
}

describe('a request', () => {
  test.each([
    ['http://a.example/x?y=1#z', '/x?y=1', 'a.example'],
    ['http://a.example:80', '/', 'a.example'],
    ['http://a.example:81/', '/', 'a.example:81'],
    ['http://[::1]:8080/', '/', '[::1]:8080'],
    ['http://a.example/é?ü', '/%C3%A9?%C3%BC', 'a.example'],
  ])('for %s asks for %s and says Host: %s', async (url, target, host) => {
    expect(await wire(url)).toBe(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  })

  test('sends its fields as they were given, and those of the caller win', async () => {
    const fields = new Fields([
      ['host', 'b'],
      ['X', '1'],
      ['X', '2'],
      ['connection', 'close, x'],
    ])
    expect(await wire('http://a/', { fields })).toBe(
      'GET / HTTP/1.1\r\nhost: b\r\nX: 1\r\nX: 2\r\nconnection: close, x\r\n\r\n',
    )
  })

  test('claims HTTP/1.0 while no coding is plugged in (RFC 9112 §6.1)', async () => {
    expect(await wire('http://a/', { transferCodings: [] })).toMatch(/^GET \/ HTTP\/1.0\r\n/)
  })

  test.each<[RequestOptions, string]>([
    [{ method: 'POST', body: 'é' }, 'Content-Length: 2\r\n\r\n\xc3\xa9'],
    [{ method: 'POST', body: bytes('abc') }, 'Content-Length: 3\r\n\r\nabc'],
    [{ method: 'POST', body: '' }, 'Content-Length: 0\r\n\r\n'],
    [{ method: 'POST' }, 'Content-Length: 0\r\n\r\n'], // RFC 9110 §8.6: it SHOULD be said
    [{ method: 'DELETE' }, 'Connection: close\r\n\r\n'],
    [
      { method: 'POST', body: parts('ab', '', 'c') },
      'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n',
    ],
    [{ method: 'POST', body: parts('ab', 'c'), fields: { 'Content-Length': '3' } }, 'Content-Length: 3\r\n\r\nabc'],
  ])('with %o frames its body', async (options, end) => {
    const { server, options: reach } = pair()
    const response = request('http://a/', { ...reach, ...options })
    const sent = await readUntil(server, end)
    expect(sent.endsWith(end)).toBe(true)
    await server.write(bytes(OK))
    expect(await (await response).body.text()).toBe('hello')
  })

  test.each<[string, string, RequestOptions, ErrorConstructor]>([
    ['a URL that is none', 'http://', {}, TypeError],
    ['another scheme', 'ftp://a/', {}, TypeError],
    ['credentials in the URL', 'http://me:hunter2@a/', {}, TypeError],
    ['a method that is no token', 'http://a/', { method: 'GET / HTTP/1.1\r\nA: b\r\n' }, TypeError],
    ['CONNECT', 'http://a/', { method: 'CONNECT' }, TypeError],
    ['content of TRACE (RFC 9110 §9.3.8)', 'http://a/', { method: 'TRACE', body: 'a' }, TypeError],
    ['a value with CR LF', 'http://a/', { fields: { A: 'b\r\nC: d' } }, TypeError],
    ['a value that becomes CR LF in latin1', 'http://a/', { fields: { A: 'b\u010d\u010aC: d' } }, TypeError],
    [
      'two Hosts',
      'http://a/',
      {
        fields: [
          ['Host', 'a'],
          ['Host', 'b'],
        ],
      },
      TypeError,
    ],
    ['a Host that is none', 'http://a/', { fields: { Host: 'a/b' } }, TypeError],
    ['a framing of its own', 'http://a/', { fields: { 'Transfer-Encoding': 'chunked' } }, TypeError],
    ['a length that is not a number', 'http://a/', { body: 'a', fields: { 'Content-Length': '1, 1' } }, TypeError],
    ['a length that is not that of the body', 'http://a/', { body: 'a', fields: { 'Content-Length': '2' } }, TypeError],
    ['a length and no body', 'http://a/', { fields: { 'Content-Length': '2' } }, TypeError],
    ['a stream and nothing to frame it', 'http://a/', { body: parts('a'), transferCodings: [] }, TypeError],
    ['a time that is none', 'http://a/', { headTimeout: -1 }, RangeError],
    ['a limit that is none', 'http://a/', { limits: { headSize: Number.NaN } }, RangeError],
    ['redirects that are no number', 'http://a/', { redirects: Number.NaN }, RangeError],
  ])('with %s is refused before anybody is dialled', async (_what, url, options, type) => {
    let dialled = 0
    const dial = async () => {
      dialled++
      throw new Error('dialled')
    }
    const error = await request(url, { transferCodings, ...options, dial }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(type)
    expect(dialled).toBe(0)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2')
  })

  test('whose body is longer than it said is cut before the byte too many', async () => {
    const { server, options } = pair()
    const failure = request('http://a/', {
      ...options,
      method: 'POST',
      body: parts('abc', 'd'),
      fields: { 'Content-Length': '3' },
    })
    await expect(failure).rejects.toThrow(TypeError)
    await expect(readToEnd(server)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('whose body throws rejects with that, and is cut', async () => {
    const { server, options } = pair()
    const boom = new Error('boom')
    const body = (async function* () {
      yield bytes('a')
      throw boom
    })()
    await expect(request('http://a/', { ...options, method: 'POST', body })).rejects.toBe(boom)
    await expect(readToEnd(server)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })
})

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text)
}

describe('a response', () => {
  test('is given with its head, and its body as it comes', async () => {
    const { server, options } = pair()
    const asked = request('http://a/x#y', options)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\nX: 1\r\n\r\n'))
    const response = await asked
    expect(response).toMatchObject({ status: 201, reason: 'Made', version: '1.1', url: 'http://a/x' })
    expect(response.fields.get('x')).toBe('1')
    const body = response.body[Symbol.asyncIterator]()
    for (const text of ['one', 'two']) {
      await server.write(bytes(`3\r\n${text}\r\n`))
      expect(Buffer.from((await body.next()).value ?? []).toString()).toBe(text)
    }
    await server.write(bytes('0\r\n\r\n'))
    expect((await body.next()).done).toBe(true)
    expect(await server.read()).toBeNull() // the client closes when it has all
  })

  test('comes after interim ones, up to a limit', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n'
    expect(await wire('http://a/', {}, interim.repeat(3) + OK)).toContain('GET')
    const flood = wire('http://a/', { limits: { interimResponses: 2 } }, interim.repeat(3) + OK)
    await expect(flood).rejects.toMatchObject({ code: 'HTTP_TOO_MANY_INTERIM' })
  })

  test.each([
    ['nothing', '', 'HTTP_INCOMPLETE'],
    ['half a head', 'HTTP/1.1 200', 'HTTP_INCOMPLETE'],
    ['only an interim response', 'HTTP/1.1 100 \r\n\r\n', 'HTTP_INCOMPLETE'],
    ['something else', 'SSH-2.0-x\r\n', 'HTTP_BAD_START_LINE'],
    ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 'HTTP_BAD_FRAMING'],
    ['a head without end', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(20_000)}`, 'HTTP_HEAD_TOO_LARGE'],
  ])('that is %s is an error', async (_what, answer, code) => {
    const { server, options } = pair()
    const asked = request('http://a/', options)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes(answer))
    await server.end().catch(() => {}) // the client may have hung up already
    await expect(asked).rejects.toMatchObject({ code })
  })

  test.each([
    ['a Content-Length', 'Content-Length: 5\r\n\r\nhell'],
    ['chunked', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('that is cut under %s is an error, not an end', async (_what, rest) => {
    const { server, options } = pair()
    const asked = request('http://a/', options)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes(`HTTP/1.1 200 OK\r\n${rest}`))
    await server.end()
    await expect((await asked).body.text()).rejects.toMatchObject({ code: 'HTTP_INCOMPLETE' })
  })

  test('without framing ends when the server closes', async () => {
    const { server, options } = pair()
    const asked = request('http://a/', options)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.0 200 OK\r\n\r\nhello'))
    await server.end()
    expect(await (await asked).body.text()).toBe('hello')
  })

  test('to HEAD has no body, and closes the connection by itself', async () => {
    const { server, options } = pair()
    const asked = request('http://a/', { ...options, method: 'HEAD' })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'))
    expect((await asked).fields.get('content-length')).toBe('5')
    expect(await server.read()).toBeNull()
  })

  test('has its trailers apart from its fields, once it has been read', async () => {
    const { server, options } = pair()
    const asked = request('http://a/', { ...options, transferCodings: [withTrailers] })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n.'))
    const response = await asked
    expect(String(response.body.trailers)).toBe('')
    await response.body.bytes()
    expect([String(response.body.trailers), response.fields.has('sum')]).toEqual(['Sum: 1\r\n', false])
  })

  test('too large to be kept closes the connection', async () => {
    const { server, options } = pair()
    const asked = request('http://a/', { ...options, limits: { collectedSize: 4 } })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.0 200 OK\r\n\r\nhello'))
    await expect((await asked).body.text()).rejects.toMatchObject({ code: 'HTTP_BODY_TOO_LARGE' })
    await expect(readToEnd(server)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test.each<[string, (response: Awaited<ReturnType<typeof request>>) => Promise<void>]>([
    [
      'break',
      async (response) => {
        for await (const _part of response.body) break
      },
    ],
    ['dispose', (response) => response[Symbol.asyncDispose]()],
  ])('left by %s closes the connection at once', async (_how, leave) => {
    const { server, options } = pair()
    const asked = request('http://a/', options)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.0 200 OK\r\n\r\nhello'))
    await leave(await asked)
    expect(server.signal.aborted).toBe(true)
  })
})

test('a response that has arrived whole is disposed of without a reset', async () => {
  const { server, options } = pair()
  const asked = request('http://a/', options)
  await readUntil(server, '\r\n\r\n')
  await server.write(bytes(OK))
  const response = await asked
  await response[Symbol.asyncDispose]()
  expect(await response.body.text()).toBe('hello')
  expect(await server.read()).toBeNull()
})

const withTrailers: TransferCoding = {
  ...toyChunked,
  createDecoder() {
    const events: readonly BodyEvent[] = [{ kind: 'trailers', fields: new Fields({ Sum: '1' }) }, { kind: 'end' }]
    return {
      state: 'chunk-size',
      push(input, emit) {
        if (input.length > 0) for (const event of events) emit(event)
        return input.length
      },
      end() {},
    }
  },
}

describe('while a body is being sent', () => {
  /** Pieces for as long as somebody takes them, and whether that is over. */
  function endlessBody(): { body: AsyncGenerator<Uint8Array>; stopped: Promise<void> } {
    let stop = () => {}
    const stopped = new Promise<void>((resolve) => {
      stop = resolve
    })
    const body = (async function* () {
      try {
        for (;;) yield bytes('x'.repeat(1000))
      } finally {
        stop()
      }
    })()
    return { body, stopped }
  }

  test('an early error is read, and the sending stops (RFC 9112 §9.5)', async () => {
    let tell = () => {}
    const told = new Promise<void>((resolve) => {
      tell = resolve
    })
    await using server = await listen(async (connection) => {
      await readUntil(connection, '\r\n\r\n')
      await connection.write(bytes('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nn'))
      const reading = readToEnd(connection).catch(() => {})
      await told
      await connection.write(bytes('o'))
      await reading
    })
    const { body, stopped } = endlessBody()
    const response = await request(origin(server), { method: 'POST', body, transferCodings })
    await stopped
    tell()
    expect([response.status, await response.body.text()]).toEqual([413, 'no'])
  })

  test('a whole answer closes the connection, also when the server takes no more of the body', async () => {
    const { server, options } = pair()
    const { body, stopped } = endlessBody()
    const asked = request('http://a/', { ...options, method: 'POST', body })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes(OK))
    expect(await (await asked).body.text()).toBe('hello')
    await stopped
    expect(server.signal.aborted).toBe(true)
  })

  test('an early yes does not stop it: the answer may depend on the rest', async () => {
    const { server, options } = pair()
    let send: (part: Uint8Array | undefined) => void = () => {}
    const body = (async function* () {
      for (;;) {
        const part = await new Promise<Uint8Array | undefined>((resolve) => {
          send = resolve
        })
        if (!part) return
        yield part
      }
    })()
    const asked = request('http://a/', { ...options, method: 'POST', body })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))
    const response = await asked
    send(bytes('more'))
    await readUntil(server, '4\r\nmore\r\n')
    send(undefined)
    await readUntil(server, '0\r\n\r\n')
    await server.write(bytes('0\r\n\r\n'))
    expect(await response.body.text()).toBe('')
  })

  test('what it throws after an early yes is what the body of the response rejects with', async () => {
    const { server, options } = pair()
    const boom = new Error('boom')
    let fail = () => {}
    const failing = new Promise<never>((_, reject) => {
      fail = () => reject(boom)
    })
    // biome-ignore lint/correctness/useYield: a body that never gets to its first piece
    const body = (async function* () {
      await failing
    })()
    const asked = request('http://a/', { ...options, method: 'POST', body })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.0 200 OK\r\n\r\n'))
    const response = await asked
    fail()
    await expect(response.body.text()).rejects.toBe(boom)
    await expect(readToEnd(server)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('a server that has gone away is an error', async () => {
    await using server = await listen(async (connection) => {
      await readUntil(connection, '\r\n\r\n')
      connection.abort()
    })
    const { body, stopped } = endlessBody()
    const asked = request(origin(server), { method: 'POST', body, transferCodings })
    await expect(asked).rejects.toMatchObject({ code: 'TCP_RESET' })
    await stopped
  })
})

describe('a client that has had enough', () => {
  const reason = new Error('enough')
  const aborted = () => AbortSignal.abort(reason)
  const silent = (): Promise<Listener> =>
    listen(async (connection) => void (await readToEnd(connection).catch(() => {})))

  test('does not even begin', async () => {
    let dialled = 0
    const dial = async () => {
      dialled++
      throw new Error('dialled')
    }
    await expect(request('http://a/', { signal: aborted(), dial })).rejects.toBe(reason)
    expect(dialled).toBe(0)
  })

  test('stops waiting for the head', async () => {
    const { server, options } = pair()
    const controller = new AbortController()
    const asked = request('http://a/', { ...options, signal: controller.signal })
    await readUntil(server, '\r\n\r\n')
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
    expect(server.signal.aborted).toBe(true)
  })

  test('stops waiting for more of a body', async () => {
    const { server, options } = pair()
    const controller = new AbortController()
    const asked = request('http://a/', { ...options, signal: controller.signal })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.0 200 OK\r\n\r\n'))
    const waiting = (await asked).body.text()
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })

  test('stops reading, also what had arrived already', async () => {
    const { server, options } = pair()
    const controller = new AbortController()
    const asked = request('http://a/', { ...options, signal: controller.signal })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n'))
    const body = (await asked).body[Symbol.asyncIterator]()
    expect((await body.next()).done).toBe(false)
    controller.abort(reason)
    await expect(body.next()).rejects.toBe(reason)
    await expect((await asked).body.text()).rejects.toBe(reason)
    expect(server.signal.aborted).toBe(true)
  })

  test('does not hold on to the signal afterwards', async () => {
    const { server, options } = pair()
    const controller = new AbortController()
    const asked = request('http://a/', { ...options, signal: controller.signal })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes(OK))
    const response = await asked
    expect(await response.body.text()).toBe('hello')
    controller.abort(reason)
    expect(await server.read()).toBeNull() // FIN, not RST
  })

  test('gives up on a head after headTimeout', async () => {
    await using server = await silent()
    const asked = request(origin(server), { headTimeout: 10 })
    await expect(asked).rejects.toMatchObject({ code: 'HTTP_TIMEOUT', message: expect.stringContaining('headTimeout') })
  })

  test('gives up on a connection after idleTimeout', async () => {
    await using server = await silent()
    await expect(request(origin(server), { idleTimeout: 10 })).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
  })

  test('is told when nobody listens', async () => {
    const server = await silent()
    await server.close()
    await expect(request(origin(server))).rejects.toMatchObject({ code: 'TCP_REFUSED' })
  })
})
