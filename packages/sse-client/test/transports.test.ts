import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import {
  EventSource,
  fetchTransport,
  openEventStream,
  rawTransport,
  type Transport,
} from '@sse-from-scratch/sse-client'
import { describe, expect, test, vi } from 'vitest'
import { collect, EVENT_STREAM, nowhere, peer, tcpPeer } from './peers.ts'

const transports: [string, () => Transport][] = [
  ['raw', () => rawTransport()],
  ['fetch', () => fetchTransport()],
]
const atOnce = () => 0
const never = { signal: new AbortController().signal }

/** What the server saw of a field: its bytes, as UTF-8. */
const utf8 = (value: string | string[] | undefined) => Buffer.from(String(value), 'latin1').toString('utf8')

const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n'

/** Sends an answer, and a RST once {@link collectLosses} has had an event of it. */
function resetAfterRead(socket: Socket, answer: string): void {
  socket.write(answer)
  reset = () => socket.resetAndDestroy()
}
let reset = () => {}

async function collectLosses(transport: Transport, url: string): Promise<{ data: string[]; losses: unknown[] }> {
  const data: string[] = []
  const losses: unknown[] = []
  const onStateChange = (state: string, error?: unknown) => state === 'connecting' && losses.push(error)
  for await (const event of openEventStream(url, transport, { reconnect: atOnce, onStateChange })) {
    data.push(event.data)
    reset()
  }
  return { data, losses }
}

describe.each(transports)('%s transport', (name, create) => {
  const open = (url: string, options = {}) => openEventStream(url, create(), { reconnect: atOnce, ...options })

  test('reconnects with Last-Event-ID and stops at 204', async () => {
    await using server = await peer((_req, res, nth) => {
      if (nth === 3) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).end(`id: ${nth}\ndata: n${nth}\n\n`)
    })
    expect(await collect(open(server.url))).toEqual({ data: ['n1', 'n2'] })
    expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '2'])
    expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/event-stream', 'cache-control': 'no-cache' })
  })

  test.each(['é', '☃ and 🎉', 'a\tb', '"quoted", comma'])('sends the id %j as UTF-8 (reading 3)', async (id) => {
    await using server = await peer((_req, res, nth) => {
      if (nth === 2) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).end(`id: ${id}\n\n`)
    })
    expect(await collect(open(server.url))).toEqual({ data: [] })
    expect(utf8(server.requests[1]?.headers['last-event-id'])).toBe(id)
  })

  test('sends other headers as UTF-8 too', async () => {
    await using server = await peer((_req, res) => res.writeHead(204).end())
    await collect(open(server.url, { headers: { 'X-Name': 'Zoë ☃' } }))
    expect(utf8(server.requests[0]?.headers['x-name'])).toBe('Zoë ☃')
  })

  test('an id with a control character does not keep it from reconnecting (reading 16)', async () => {
    await using server = await peer((_req, res, nth) => {
      if (nth === 2) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).end('id: a\x01\x7fb\ndata: x\n\n')
    })
    expect(await collect(open(server.url))).toEqual({ data: ['x'] })
  })

  test('POST carries its body and its type', async () => {
    let received = ''
    await using server = await peer((req, res) => {
      text(req).then((body) => {
        received = body
        res.writeHead(200, EVENT_STREAM).end('data: ok\n\n')
      })
    })
    const post = { method: 'POST', body: '{"é":1}', headers: { 'Content-Type': 'application/json' } }
    expect(await collect(openEventStream(server.url, create(), post))).toEqual({ data: ['ok'] })
    expect(received).toBe('{"é":1}')
    expect(server.requests[0]?.headers['content-type']).toBe('application/json')
    expect(server.requests).toHaveLength(1)
  })

  test.each([301, 302, 303, 307, 308])('follows %i, and reconnects where it led (reading 12)', async (status) => {
    await using server = await peer((req, res, nth) => {
      if (req.url === '/') res.writeHead(status, { Location: '/there?x=1' }).end('moved')
      else if (nth === 2) res.writeHead(200, EVENT_STREAM).end('data: a\n\n')
      else res.writeHead(204).end()
    })
    expect(await collect(open(server.url))).toEqual({ data: ['a'] })
    expect(server.requests.map(({ url }) => url)).toEqual(['/', '/there?x=1', '/there?x=1'])
  })

  test.each([
    [301, 'GET'],
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST'],
    [308, 'POST'],
  ])('a POST that is answered with %i goes on as %s (RFC 9110 §15.4)', async (status, method) => {
    const bodies: string[] = []
    await using server = await peer((req, res, nth) => {
      text(req).then((body) => {
        bodies.push(body)
        if (nth === 1) res.writeHead(status, { Location: '/there' }).end()
        else res.writeHead(200, EVENT_STREAM).end()
      })
    })
    const post = { method: 'POST', body: 'x=1', headers: { 'Content-Type': 'text/x' } }
    await collect(openEventStream(server.url, create(), post))
    expect(server.requests.map((request) => request.method)).toEqual(['POST', method])
    expect(bodies).toEqual(['x=1', method === 'POST' ? 'x=1' : ''])
    expect(server.requests[1]?.headers['content-type']).toBe(method === 'POST' ? 'text/x' : undefined)
  })

  test('keeps Authorization from another origin, now and when it reconnects (Fetch §4.4)', async () => {
    await using other = await peer((_req, res, nth) => {
      if (nth === 2) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).end()
    })
    await using server = await peer((_req, res) => res.writeHead(307, { Location: other.url }).end())
    await collect(open(server.url, { headers: { Authorization: 'secret' } }))
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['secret'])
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
  })

  test.each([
    ['GET', 307],
    ['POST', 307],
    ['POST', 308],
    ['POST', 303],
  ])('by a %s keeps what says who we are from another origin, at each connection (%i)', async (method, status) => {
    await using other = await peer((_req, res, nth) => {
      if (nth === 2) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).end()
    })
    await using server = await peer((_req, res) => res.writeHead(status, { Location: other.url }).end())
    const credentials = ['authorization', 'proxy-authorization', 'cookie']
    if (name === 'raw') credentials.push('x-api-key', 'api-key', 'x-goog-api-key') // fetch sends them on: see fetchTransport
    const secret = Object.fromEntries(credentials.map((field) => [field, 'secret']))
    const post = method === 'POST' ? { method, body: 'x=1' } : {}
    await collect(open(server.url, { ...post, headers: { ...secret, 'X-Plain': 'y' } }))
    expect(server.requests[0]?.headers).toMatchObject(secret)
    for (const { headers } of other.requests) {
      expect(headers).toMatchObject({ 'x-plain': 'y' })
      expect(credentials.filter((field) => field in headers)).toEqual([])
    }
    expect(other.requests.length).toBeGreaterThan(0)
  })

  test.each([300, 304])('%i is no redirect, whatever its Location says', async (status) => {
    await using server = await peer((_req, res) => res.writeHead(status, { Location: '/there' }).end())
    expect(await collect(open(server.url))).toMatchObject({ error: { code: 'SSE_BAD_STATUS', status } })
  })

  test('a redirect without Location is SSE_BAD_STATUS (Fetch §4.4)', async () => {
    await using server = await peer((_req, res) => res.writeHead(302).end())
    expect(await collect(open(server.url))).toMatchObject({ error: { code: 'SSE_BAD_STATUS', status: 302 } })
  })

  test('a refused connection is tried again', async () => {
    const url = await nowhere()
    let attempts = 0
    const reconnect = () => ++attempts < 3 && 0
    expect(await collect(open(url, { reconnect }))).toMatchObject({ data: [], error: { code: 'SSE_GAVE_UP' } })
    expect(attempts).toBe(3)
  })

  test.each([
    ['gzip', createGzip],
    ['deflate', createDeflate],
    ['br', createBrotliCompress],
  ] as const)(
    'events of a stream that comes in %s all the same arrive as they are sent',
    async (coding, createEncoder) => {
      const encoder = createEncoder()
      await using server = await peer((_req, res, nth) => {
        if (nth > 1) return res.writeHead(204).end()
        res.writeHead(200, { ...EVENT_STREAM, 'Content-Encoding': coding })
        encoder.pipe(res)
        encoder.write('data: é\n\n')
        return encoder.flush()
      })
      const data: string[] = []
      for await (const event of open(server.url)) {
        data.push(event.data)
        if (data.length === 1) encoder.end('data: b\n\n') // not before the first has been heard
      }
      expect(data).toEqual(['é', 'b'])
    },
  )

  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
  const CHUNK = `${HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n`

  test.each([
    ['a cut chunk', `${CHUNK}5\r\nda`],
    ['a missing last chunk', CHUNK],
    ['a short Content-Length', `${HEAD}Content-Length: 99\r\n\r\ndata: a\n\n`],
  ])('%s is a loss with an error, after the events in front of it (reading 13)', async (_what, answer) => {
    await using server = await tcpPeer((socket, nth) => socket.end(nth === 1 ? answer : NO_CONTENT))
    expect(await collectLosses(create(), server.url)).toEqual({ data: ['a'], losses: [expect.any(Error)] })
  })

  test('a reset is a loss with an error (reading 13)', async () => {
    await using server = await tcpPeer((socket, nth) => {
      if (nth === 1) resetAfterRead(socket, CHUNK)
      else socket.end(NO_CONTENT)
    })
    expect(await collectLosses(create(), server.url)).toEqual({ data: ['a'], losses: [expect.any(Error)] })
  })

  test('a stream that ends by close alone is a loss without an error', async () => {
    await using server = await tcpPeer((socket, nth) => {
      if (nth > 1) socket.end(NO_CONTENT)
      else socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n')
    })
    const states: unknown[] = []
    const events = open(server.url, { onStateChange: (...state: unknown[]) => states.push(state) })
    expect(await collect(events)).toEqual({ data: ['a'] })
    expect(states).toEqual([['open'], ['connecting', undefined], ['closed', undefined]])
  })

  test('break hangs up', async () => {
    await using server = await peer((_req, res) => res.writeHead(200, EVENT_STREAM).write('data: 1\n\n'))
    for await (const _ of open(server.url)) break
    await server.gone[0]
  })

  test('a signal hangs up while nothing comes', async () => {
    await using server = await peer((_req, res) => res.writeHead(200, EVENT_STREAM).write('data: 1\n\n'))
    const controller = new AbortController()
    const events = open(server.url, { signal: controller.signal })
    await events.next()
    controller.abort('enough')
    await expect(events.next()).rejects.toBe('enough')
    await server.gone[0]
  })

  test('silence hangs up', async () => {
    const heard: string[] = []
    await using server = await peer((_req, res) => {
      if (heard.length > 0) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).write('data: 1\n\n') // again, should a busy machine have taken all the time
    })
    for await (const { data } of open(server.url, { idleTimeout: 50 })) heard.push(data)
    expect(heard).toEqual(['1'])
    await server.gone[0]
  })

  test('an answer that is not taken is hung up on', async () => {
    await using server = await peer((_req, res) => res.writeHead(200, { 'Content-Type': 'text/plain' }).write('x'))
    expect(await collect(open(server.url))).toMatchObject({ error: { code: 'SSE_BAD_CONTENT_TYPE' } })
    await server.gone[0]
  })

  test.each(['ftp://127.0.0.1/', 'mailto:a@b.test', 'ws://127.0.0.1/'])('%s is SSE_BAD_URL, and final', async (url) => {
    expect(await collect(open(url))).toMatchObject({ error: { code: 'SSE_BAD_URL' } })
  })

  test.each(['http://user:geheim@127.0.0.1:1/', 'http://user@127.0.0.1:1/', 'http://:geheim@127.0.0.1:1/'])(
    '%s has credentials, which is final, and none of them is in the error (RFC 9110 §4.2.4)',
    async (url) => {
      const { error } = await collect(open(url))
      expect(error).toMatchObject({ code: 'SSE_BAD_REQUEST' })
      expect(inspect(error, { depth: 10 })).not.toContain('geheim')
    },
  )

  test('a method that it refuses to send is final, not tried for ever', async () => {
    await using server = await peer((_req, res) => res.writeHead(204).end())
    const { error } = await collect(open(server.url, { method: 'CONNECT' }))
    expect(error).toMatchObject({ code: 'SSE_BAD_REQUEST' })
    expect(server.requests).toEqual([])
  })

  test('answers for any field by any-case name', async () => {
    await using server = await peer((_req, res) => res.writeHead(200, { 'X-Own': 'a, b' }).end())
    const { header } = await create()({ url: new URL(server.url), method: 'GET', headers: {}, ...never })
    expect([header?.('x-OWN'), header?.('x-absent')]).toEqual(['a, b', null])
  })
})

test('a reset without any framing is a loss with an error (RFC 9112 §8)', async () => {
  // "considered complete unless an error was indicated by the underlying connection": undici 7.30.2 takes the RST for the end.
  await using server = await tcpPeer((socket, nth) => {
    if (nth === 1) resetAfterRead(socket, 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n')
    else socket.end(NO_CONTENT)
  })
  expect(await collectLosses(rawTransport(), server.url)).toEqual({ data: ['a'], losses: [expect.any(Error)] })
})

test('raw transport leaves no connection behind 204', async () => {
  await using server = await peer((_req, res) => res.writeHead(204).end())
  await collect(openEventStream(server.url, rawTransport()))
  await server.gone[0]
})

test('raw transport: a header that it refuses to send is final, not tried for ever', async () => {
  await using server = await peer((_req, res) => res.writeHead(204).end())
  const events = openEventStream(server.url, rawTransport(), { headers: { Host: 'a b' }, reconnect: atOnce })
  expect(await collect(events)).toMatchObject({ error: { code: 'SSE_BAD_REQUEST' } })
  expect(server.requests).toEqual([])
})

test('fetch transport: a header that fetch refuses when it writes it is final, what it cannot reach is not', async () => {
  const failed = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
  const failures = [failed('ECONNREFUSED'), failed('UND_ERR_INVALID_ARG')] // Node 20, for Connection: x
  const fetch = () => Promise.reject(failures.shift())
  const events = openEventStream('http://a.test/', fetchTransport(fetch), { reconnect: atOnce })
  expect(await collect(events)).toMatchObject({ error: { code: 'SSE_BAD_REQUEST', message: 'fetch failed' } })
  expect(failures).toEqual([])
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a Response without a promise', new Response('data: a\n\n')],
  ['a promise of nothing', Promise.resolve()],
  ['a promise of text', Promise.resolve('data: a\n\n')],
])(
  'fetch transport: a fetch that returns %s is the caller’s mistake, not a loss to try again',
  async (_what, answer) => {
    const fetch = vi.fn(() => answer) as unknown as typeof globalThis.fetch
    const { data, error } = await collect(
      openEventStream('http://a.test/', fetchTransport(fetch), { reconnect: atOnce }),
    )
    expect([data, error]).toEqual([[], expect.any(TypeError)])
    expect(fetch).toHaveBeenCalledTimes(1)
  },
)

test('fetch transport: what is no function is refused at once', () => {
  expect(() => fetchTransport('http://a.test/' as unknown as typeof globalThis.fetch)).toThrow(TypeError)
})

test.each([
  [true, 'include'],
  [false, 'same-origin'],
])(
  'fetch transport turns withCredentials %s into %s (HTML §9.2.2, Fetch §2.2.5)',
  async (withCredentials, credentials) => {
    const asked: (RequestInit | undefined)[] = []
    const fetch = async (_url: unknown, init?: RequestInit) => {
      asked.push(init)
      return new Response(null, { status: 204 })
    }
    const source = new EventSource('http://a.test/', { transport: fetchTransport(fetch), withCredentials })
    await new Promise((resolve) => source.addEventListener('error', resolve))
    expect(asked).toMatchObject([{ credentials, cache: 'no-store' }])
  },
)

describe('raw transport and redirects', () => {
  const answer = async (location: string) => {
    await using server = await peer((_req, res) => res.writeHead(302, { Location: location }).end())
    const { error } = await collect(openEventStream(server.url, rawTransport(), { reconnect: () => 0 }))
    return { error, requests: server.requests.length }
  }

  test('gives up after 20 (Fetch §4.4)', async () => {
    expect(await answer('/')).toMatchObject({ error: { code: 'SSE_BAD_STATUS', status: 302 }, requests: 21 })
  })

  test.each(['ftp://a.test/', 'http://', 'javascript:alert(1)'])('does not go to %j', async (location) => {
    expect(await answer(location)).toMatchObject({ error: { code: 'SSE_BAD_STATUS', status: 302 }, requests: 1 })
  })

  test('leaves no connection of a redirect behind', async () => {
    await using server = await peer((req, res) => {
      if (req.url === '/') res.writeHead(302, { Location: '/there' }).write('a body that never ends')
      else res.writeHead(204).end()
    })
    await collect(openEventStream(server.url, rawTransport()))
    await server.gone[0]
  })
})

describe('raw transport options', () => {
  test('a stream is asked for uncompressed, unless somebody wants it otherwise (RFC 9110 §12.5.3)', async () => {
    await using server = await peer((_req, res) => res.writeHead(204).end())
    await collect(openEventStream(server.url, rawTransport()))
    await collect(openEventStream(server.url, rawTransport({ fields: { 'accept-encoding': 'br' } })))
    await collect(openEventStream(server.url, rawTransport(), { headers: { 'Accept-Encoding': 'gzip' } }))
    expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity', 'br', 'gzip'])
  })

  test('fields go to every request, behind those of the stream, and to one origin only', async () => {
    await using other = await peer((_req, res, nth) => {
      if (nth === 2) res.writeHead(204).end()
      else res.writeHead(200, EVENT_STREAM).end()
    })
    await using server = await peer((_req, res) => res.writeHead(307, { Location: other.url }).end())
    const transport = rawTransport({ fields: { Authorization: 'secret', Accept: 'x/y' } })
    await collect(openEventStream(server.url, transport, { reconnect: () => 0 }))
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'secret', accept: 'text/event-stream' })
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
  })

  test('fields that are none are a TypeError before anything is sent', () => {
    expect(() => rawTransport({ fields: { 'a b': '1' } })).toThrow(TypeError)
  })

  test('what a floor below refuses to send is final, not tried for ever', async () => {
    let dialled = 0
    const dial = () => {
      dialled++
      return Promise.reject(new TypeError('refused'))
    }
    const { error } = await collect(openEventStream('http://a.test/', rawTransport({ dial }), { reconnect: () => 0 }))
    expect(error).toMatchObject({ code: 'SSE_BAD_REQUEST', cause: expect.any(TypeError) })
    expect(dialled).toBe(1)
  })
})
