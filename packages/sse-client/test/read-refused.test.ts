import { Readable } from 'node:stream'
import { request } from '@sse-from-scratch/http-raw'
import { type ByteSource, EventDecoderStream, openEventStream, readEvents } from '@sse-from-scratch/sse-client'
import { fetch as undiciFetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { bytes, collect, EVENT_STREAM, peer, scripted } from './peers.ts'

const STREAM = 'data: 1\n\ndata: 2\n\n'

const asSource = (value: unknown) => value as ByteSource

/** A page about what went wrong, as servers send in place of a stream. */
const page = (init: ResponseInit) => new Response('<p>Sorry', init)
const html = { 'Content-Type': 'text/html' }

describe('a Response that is no event stream is an error, and not a stream without events (docs/decisions/0019)', () => {
  test.each<[string, Response, object]>([
    ['404', page({ status: 404, headers: html }), { code: 'SSE_BAD_STATUS', status: 404, contentType: 'text/html' }],
    ['500 with the right type', page({ status: 500, headers: EVENT_STREAM }), { code: 'SSE_BAD_STATUS', status: 500 }],
    ['201', page({ status: 201, headers: EVENT_STREAM }), { code: 'SSE_BAD_STATUS', status: 201 }],
    [
      '503 that says when to come back',
      page({ status: 503, headers: { 'Retry-After': '2' } }),
      { code: 'SSE_BAD_STATUS', status: 503, retryAfter: 2000 },
    ],
    [
      'a page',
      page({ headers: html }),
      { code: 'SSE_BAD_CONTENT_TYPE', status: 200, contentType: 'text/html', message: expect.stringContaining('html') },
    ],
    ['JSON', Response.json({ error: 'no key' }), { code: 'SSE_BAD_CONTENT_TYPE', contentType: 'application/json' }],
    ['no type', new Response(bytes(STREAM)), { code: 'SSE_BAD_CONTENT_TYPE', contentType: undefined }],
    ['no answer at all', Response.error(), { code: 'SSE_BAD_STATUS', status: 0 }],
  ])('%s', async (_what, response, error) => {
    expect(await collect(readEvents(response))).toEqual({ data: [], error: expect.objectContaining(error) })
  })

  test('what it says instead is left to be read', async () => {
    const response = page({ status: 404 })
    await readEvents(response)
      .next()
      .catch(() => {})
    expect(await response.text()).toBe('<p>Sorry')
  })

  test.each(['Text/Event-Stream', 'text/event-stream;charset=utf-8', 'text/html, text/event-stream'])(
    'the type %s is one, as for an EventSource (HTML §9.2.3)',
    async (type) => {
      const response = new Response(STREAM, { headers: { 'Content-Type': type } })
      expect(await collect(readEvents(response))).toEqual({ data: ['1', '2'] })
    },
  )

  test('204 has no events, and is no error (HTML §9.2: "Clients can be told to stop reconnecting")', async () => {
    expect(await collect(readEvents(new Response(null, { status: 204 })))).toEqual({ data: [] })
  })

  test('its body is read whatever the answer says', async () => {
    const response = new Response(STREAM, { status: 404, headers: html })
    expect(await collect(readEvents(response.body))).toEqual({ data: ['1', '2'] })
    expect(await collect(readEvents(new Response(null, { status: 404 }).body))).toEqual({ data: [] })
  })

  test('a signal that was aborted before is the reason, and not the answer', async () => {
    const events = readEvents(page({ status: 404 }), { signal: AbortSignal.abort('no') })
    await expect(events.next()).rejects.toBe('no')
  })

  test('nor are those of another fetch and of http-raw', async () => {
    await using server = await peer((_req, res) => res.writeHead(404, html).end('<p>Sorry'))
    const error = expect.objectContaining({ code: 'SSE_BAD_STATUS', status: 404, contentType: 'text/html' })
    const theirs = await undiciFetch(server.url)
    expect(await collect(readEvents(theirs as never))).toEqual({ data: [], error })
    await theirs.text()
    await using ours = await request(server.url)
    expect(await collect(readEvents(ours))).toEqual({ data: [], error })
  })
})

describe('a body that can be read no more is a TypeError at once', () => {
  const once = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('once') })
  const response = () => new Response(STREAM, { headers: EVENT_STREAM })

  test('after text()', async () => {
    const used = response()
    await used.text()
    expect(() => readEvents(used)).toThrow(once)
    expect(() => readEvents(asSource(used.body))).toThrow(once)
  })

  test('after a reader that has gone', async () => {
    const used = response()
    const reader = used.body?.getReader()
    await reader?.read()
    reader?.releaseLock()
    expect(() => readEvents(used)).toThrow(once)
  })

  test('while somebody else reads it', () => {
    const used = response()
    used.body?.getReader()
    expect(() => readEvents(used)).toThrow(once)
    expect(() => readEvents(asSource(used.body))).toThrow(once)
  })

  test('and from the loop, when somebody came in between', async () => {
    const used = response()
    const [first, second] = [readEvents(used), readEvents(used)]
    expect((await first.next()).value?.data).toBe('1')
    await expect(second.next()).rejects.toThrow(once)
    await first.return()
  })
})

describe('what nothing can be read from is a TypeError at once, that says what can', () => {
  test.each<[what: string, source: unknown, says: string]>([
    ['text', STREAM, 'not from a string: new Response(text).body'],
    ['bytes', bytes(STREAM), 'not from bytes that are here: new Response(bytes).body'],
    ['a Buffer', Buffer.from(STREAM), 'new Response(bytes).body'],
    ['an ArrayBuffer', new ArrayBuffer(8), 'new Response(bytes).body'],
    ['a Response that was not awaited', Promise.resolve(new Response()), 'not from a Promise: await it first'],
    ['undefined', undefined, 'not from undefined'],
    ['a number', 7, 'not from number'],
    ['a function', () => {}, 'not from function'],
    ['an array', [bytes(STREAM)], 'not from [object Array]'],
    ['an object', {}, 'not from [object Object]'],
    ['an object whose body is undefined', { body: undefined }, 'not from [object Object]'],
    ['an object with text for a body', { body: STREAM }, 'not from [object Object]'],
    ['a Blob', new Blob([STREAM]), 'not from [object Blob]'],
    ['a URL', new URL('http://a.test/'), 'not from [object URL]'],
  ])('%s', (_what, source, says) => {
    const wanted = 'events are read from a Response, a web stream or an async iterable, '
    const error = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(wanted) })
    expect(() => readEvents(asSource(source))).toThrow(error)
    expect(() => readEvents(asSource(source))).toThrow(says)
  })

  test('and nothing of what it was is in the message', () => {
    const message = (source: unknown) => {
      try {
        return readEvents(asSource(source)) && ''
      } catch (error) {
        return String(error)
      }
    }
    for (const source of ['geheim', bytes('geheim'), { body: 'geheim' }]) {
      expect(message(source)).toMatch(/^TypeError: [^g]/)
      expect(message(source)).not.toMatch(/geheim|103,101/)
    }
  })
})

describe('a stream of text is a TypeError, and not a stream without events', () => {
  const isText = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('Uint8Array') })
  async function* texts() {
    yield STREAM
  }

  test.each<[string, () => unknown]>([
    ['a generator of strings', texts],
    ['a Node stream with an encoding', () => Readable.from([Buffer.from(STREAM)]).setEncoding('utf8')],
    ['a decoded web stream', () => new Response(STREAM).body?.pipeThrough(new TextDecoderStream() as never)],
  ])('%s', async (_what, source) => {
    expect(await collect(readEvents(asSource(source())))).toEqual({ data: [], error: isText })
  })

  test('in an EventDecoderStream', async () => {
    const stream = new EventDecoderStream()
    const seen = collect(stream.readable)
    await stream.writable
      .getWriter()
      .write(STREAM as never)
      .catch(() => {})
    expect(await seen).toEqual({ data: [], error: isText })
  })

  test('of a transport: it is not asked again', async () => {
    const transport = scripted({ body: asSource(texts()) })
    expect(await collect(openEventStream('http://a.test/', transport))).toEqual({ data: [], error: isText })
    expect(transport.asked).toHaveLength(1)
  })

  test('and it is let go', async () => {
    let isOver = false
    async function* source() {
      try {
        yield STREAM
        yield STREAM
      } finally {
        isOver = true
      }
    }
    await collect(readEvents(asSource(source())))
    expect(isOver).toBe(true)
  })
})

test('a body that is no stream is a mistake of the transport, which is not asked again', async () => {
  const transport = scripted({ body: asSource(STREAM) })
  const { error } = await collect(openEventStream('http://a.test/', transport))
  expect(error).toBeInstanceOf(TypeError)
  expect(transport.asked).toHaveLength(1)
})

test('bytes of another realm are bytes', async () => {
  const { runInNewContext } = await import('node:vm')
  const foreign = runInNewContext('Uint8Array.from(codes)', { codes: [...bytes(STREAM)] })
  async function* source() {
    yield foreign
  }
  expect(await collect(readEvents(source()))).toEqual({ data: ['1', '2'] })
})
