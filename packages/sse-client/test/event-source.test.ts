import {
  EventSource,
  EventSourceErrorEvent,
  type EventSourceInit,
  fetchTransport,
  rawTransport,
  type TransportRequest,
} from '@sse-from-scratch/sse-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Answer, body, bytes, EVENT_STREAM, endless, peer, scripted, tcpPeer } from './peers.ts'

const URL_ = 'http://a.test/stream'
const sources: EventSource[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const source of sources.splice(0)) source.close()
})

function open(url: string | URL, init?: EventSourceInit): EventSource {
  const source = new EventSource(url, init)
  sources.push(source)
  return source
}
const atOnce = { reconnect: () => 0 }
const on = (...answers: Answer[]) => open(URL_, { transport: scripted(...answers), ...atOnce })
const next = <E extends Event>(source: EventSource, type: string) =>
  new Promise<E>((resolve) => source.addEventListener(type, (event: Event) => resolve(event as E), { once: true }))
/** On a clock of fake timers: all that would happen within an hour. */
const anHour = () => vi.advanceTimersByTimeAsync(3_600_000)

describe('the interface (HTML §9.2.2, Web IDL)', () => {
  test('has its constants on the class and on the prototype, read-only and enumerable', () => {
    for (const target of [EventSource, EventSource.prototype]) {
      for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSED: 2 })) {
        const expected = { value, writable: false, enumerable: true, configurable: false }
        expect(Object.getOwnPropertyDescriptor(target, name)).toEqual(expected)
      }
    }
  })

  test('has its attributes as enumerable accessors of the prototype', () => {
    for (const name of ['url', 'withCredentials', 'readyState', 'onopen', 'onmessage', 'onerror']) {
      const property = Object.getOwnPropertyDescriptor(EventSource.prototype, name)
      expect(property).toMatchObject({ get: expect.any(Function), enumerable: true, configurable: true })
      expect(property?.set === undefined).toBe(!name.startsWith('on'))
    }
    expect(() => EventSource.prototype.url).toThrow(TypeError)
  })

  test('is an EventTarget that calls itself EventSource', () => {
    const source = on(new Error('down'))
    expect(source).toBeInstanceOf(EventTarget)
    expect(String(source)).toBe('[object EventSource]')
  })

  test('begins CONNECTING, with the serialized url and no handlers', () => {
    const source = open('HTTP://A.test/x y#z', { transport: scripted(new Error('down')) })
    expect(source.readyState).toBe(EventSource.CONNECTING)
    expect(source.url).toBe('http://a.test/x%20y#z')
    expect([source.onopen, source.onmessage, source.onerror]).toEqual([null, null, null])
  })

  test('a URL that does not parse is a SyntaxError (reading 15)', () => {
    for (const url of ['nonsense', '', 'http://', '//a.test'])
      expect(() => new EventSource(url)).toThrow(expect.objectContaining({ name: 'SyntaxError', code: 12 }))
    expect(() => new EventSource('http://')).toThrow(DOMException)
  })

  test('no URL at all is a TypeError; undefined is a word like any other, and a relative URL', () => {
    expect(() => Reflect.construct(EventSource, [])).toThrow(TypeError)
    expect(() => Reflect.construct(EventSource, [undefined])).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
  })

  test('a relative URL is a SyntaxError: there is nothing here that it could be relative to', () => {
    for (const url of ['/stream', 'stream', '?a', '#a', './a']) {
      expect(() => new EventSource(url)).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
    }
  })

  test('an init of null is an empty one', () => {
    const source = new EventSource('ftp://a.test/', null)
    expect(source.withCredentials).toBe(false)
    source.close()
  })

  test('withCredentials goes to the transport', () => {
    for (const withCredentials of [true, false]) {
      const transport = scripted(new Error('down'))
      expect(open(URL_, { transport, withCredentials }).withCredentials).toBe(withCredentials)
      expect(transport.asked[0]).toMatchObject({ withCredentials } satisfies Partial<TransportRequest>)
    }
  })

  test.each<[string, unknown, object]>([
    ['a header that cannot be sent', TypeError, { headers: { 'a b': '1' } }],
    ['a method that is no token', TypeError, { method: 'GET /' }],
    ['a body with GET', TypeError, { body: 'x' }],
    ['an id with a line end', TypeError, { lastEventId: 'a\nb' }],
    ['an init that is no object', TypeError, 5 as unknown as object],
    ['a limit of nothing', RangeError, { maxEventSize: 0 }],
    ['a timeout below nothing', RangeError, { idleTimeout: -1 }],
  ])('%s is thrown by the constructor, before anything is sent', (_what, error, init) => {
    const transport = scripted(new Error('down'))
    const wrong = typeof init === 'object' ? { transport, ...init } : init
    expect(() => new EventSource(URL_, wrong)).toThrow(error as typeof TypeError)
    expect(transport.asked).toEqual([])
  })
})

describe('what the standard does not have', () => {
  test('method, body, headers and the id to go on after are those of the request', async () => {
    const transport = scripted({ status: 204 })
    const init = { method: 'POST', body: '{}', headers: { 'X-Own': '1' }, lastEventId: '7' }
    await next(open(URL_, { transport, ...init }), 'error')
    expect(transport.asked[0]).toMatchObject({ method: 'POST', body: '{}' })
    expect(transport.asked[0]?.headers).toMatchObject({ 'X-Own': '1', 'Last-Event-ID': '7' })
  })

  test.each<[string, Answer]>([
    ['a stream that ended', { body: body() }],
    ['a loss', new Error('down')],
  ])('a POST is not repeated after %s (RFC 9110 §9.2.2)', async (_what, answer) => {
    vi.useFakeTimers()
    const transport = scripted(answer)
    const source = open(URL_, { transport, method: 'POST' })
    const states: number[] = []
    source.onerror = () => states.push(source.readyState)
    await anHour()
    expect(states).toEqual([EventSource.CLOSED])
    expect(transport.asked).toHaveLength(1)
  })

  test('a POST is repeated by a policy that is given', async () => {
    const transport = scripted(new Error('down'), { status: 204 })
    const source = open(URL_, { transport, method: 'POST', ...atOnce })
    await next(source, 'error')
    await next(source, 'error')
    expect(transport.asked).toHaveLength(2)
  })

  test('an event above maxEventSize is one error and CLOSED', async () => {
    const source = open(URL_, { transport: scripted({ body: body('data: 1234567890\n\n') }), maxEventSize: 9 })
    expect(await next(source, 'error')).toMatchObject({ code: 'SSE_EVENT_TOO_LARGE' })
    expect(source.readyState).toBe(EventSource.CLOSED)
  })

  test('silence for idleTimeout is a loss', async () => {
    vi.useFakeTimers()
    const transport = scripted({ body: endless('data: 1\n\n') }, { status: 204 })
    const source = open(URL_, { transport, idleTimeout: 1000 })
    const codes: string[] = []
    source.onerror = ({ code }) => codes.push(code)
    await anHour()
    expect(codes).toEqual(['SSE_IDLE_TIMEOUT', 'SSE_ENDED'])
  })

  test('a signal that aborts is a close(): nothing more is delivered, not even an error', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const transport = scripted({ body: endless('data: 1\n\n', 'data: 2\n\n') })
    const source = open(URL_, { transport, signal: controller.signal })
    const seen: unknown[] = []
    source.onmessage = ({ data }) => {
      seen.push(data)
      controller.abort()
    }
    source.onerror = (event) => seen.push(event)
    await anHour()
    expect(seen).toEqual(['1'])
    expect(source.readyState).toBe(EventSource.CLOSED)
    expect(transport.asked[0]?.signal.aborted).toBe(true)
  })

  test('a signal that was aborted before lets nothing be sent', async () => {
    vi.useFakeTimers()
    const transport = scripted({ status: 204 })
    const source = open(URL_, { transport, signal: AbortSignal.abort() })
    source.onerror = () => expect.unreachable()
    await anHour()
    expect(source.readyState).toBe(EventSource.CLOSED)
    expect(transport.asked).toEqual([])
  })
})

describe('events', () => {
  test('open, then messages, with type, data, lastEventId and origin', async () => {
    const source = on({ body: endless('id: 1\nevent: tick\ndata: a\n\n') })
    const opened = next(source, 'open')
    const ticked = next<MessageEvent>(source, 'tick')
    expect((await opened).constructor).toBe(Event)
    expect(source.readyState).toBe(EventSource.OPEN)
    const tick = await ticked
    expect(tick).toBeInstanceOf(MessageEvent)
    expect(tick).toMatchObject({ type: 'tick', data: 'a', lastEventId: '1', origin: 'http://a.test' })
    expect(tick).toMatchObject({ bubbles: false, cancelable: false, target: source })
  })

  test('the origin is that of the URL after redirects, and url stays (HTML §9.2.6)', async () => {
    const source = on({ url: new URL('https://b.test:8443/x'), body: endless('data: a\n\n') })
    expect((await next<MessageEvent>(source, 'message')).origin).toBe('https://b.test:8443')
    expect(source.url).toBe(URL_)
  })

  test('nothing happens before the constructor has returned', async () => {
    const source = open('ftp://a.test/')
    expect(source.readyState).toBe(EventSource.CONNECTING)
    const error = await next<EventSourceErrorEvent>(source, 'error')
    expect(error).toMatchObject({ code: 'SSE_BAD_URL' })
    expect(source.readyState).toBe(EventSource.CLOSED)
  })

  test.each([
    ['raw', rawTransport()],
    ['fetch', fetchTransport()],
  ] as const)(
    'a scheme that cannot be fetched is one error and CLOSED, over %s (reading 15)',
    async (_name, transport) => {
      vi.useFakeTimers()
      for (const url of ['ftp://a.test/', 'mailto:a@a.test', 'ws://a.test/', 'nonsense:']) {
        const source = open(url, { transport })
        const seen: unknown[] = []
        source.onerror = ({ code }) => seen.push([source.readyState, code])
        await anHour()
        expect(seen).toEqual([[EventSource.CLOSED, 'SSE_BAD_URL']])
      }
    },
  )

  test('an event of type open or error is a message event like any other', async () => {
    const source = on({ body: endless('event: error\ndata: a\n\n') })
    expect(await next<MessageEvent>(source, 'error')).toMatchObject({ data: 'a' })
    expect(source.readyState).toBe(EventSource.OPEN)
  })
})

describe('handlers (HTML §8.1.8.1)', () => {
  const two = () => on({ body: endless('data: 1\n\ndata: 2\n\n') })

  test('a handler has its place in the order from when it was first set', async () => {
    const source = on({ body: endless('data: 1\n\n') })
    const order: string[] = []
    source.addEventListener('message', () => order.push('first'))
    source.onmessage = () => order.push('replaced')
    source.addEventListener('message', () => order.push('last'))
    source.onmessage = () => order.push('handler')
    await next(source, 'message')
    expect(order).toEqual(['first', 'handler', 'last'])
  })

  test('a handler set to null loses its place', async () => {
    const source = on({ body: endless('data: 1\n\n') })
    const order: string[] = []
    source.onmessage = () => order.push('never')
    source.addEventListener('message', () => order.push('first'))
    source.onmessage = null
    expect(source.onmessage).toBeNull()
    source.onmessage = () => order.push('handler')
    await next(source, 'message')
    expect(order).toEqual(['first', 'handler'])
  })

  test('a handler is called with the source as this, and given back as it was set', async () => {
    const source = two()
    let self: unknown
    const handler = function (this: unknown) {
      self = this
    }
    source.onmessage = handler
    expect(source.onmessage).toBe(handler)
    await next(source, 'message')
    expect(self).toBe(source)
  })

  test('what is not an object is null; an object that is no function is kept and not called', async () => {
    const source = two()
    for (const value of ['x', 1, true, undefined, Symbol('x')]) {
      Reflect.set(source, 'onmessage', value)
      expect(source.onmessage).toBeNull()
    }
    const object = { handleEvent: () => expect.unreachable() }
    Reflect.set(source, 'onmessage', object)
    expect(source.onmessage).toBe(object)
    await next(source, 'message')
  })

  test('addEventListener takes objects, once and a signal', async () => {
    const source = two()
    const seen: string[] = []
    const controller = new AbortController()
    source.addEventListener('message', { handleEvent: (event) => seen.push(`object ${(event as MessageEvent).data}`) })
    source.addEventListener('message', () => seen.push('once'), { once: true })
    source.addEventListener('message', () => controller.abort(), { signal: controller.signal })
    await next(source, 'message')
    await next(source, 'message')
    expect(seen).toEqual(['object 1', 'once', 'object 2'])
  })

  test('an exception in a handler is reported as uncaught, and the stream goes on (reading 14)', async () => {
    vi.useFakeTimers()
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    const uncaught: unknown[] = []
    process.on('uncaughtException', (error) => uncaught.push(error))
    try {
      const source = two()
      const mine = new Error('mine')
      const seen: string[] = []
      source.onmessage = () => {
        throw mine
      }
      source.addEventListener('message', ({ data }: MessageEvent) => seen.push(data))
      await next(source, 'message')
      await next(source, 'message')
      await anHour()
      expect(seen).toEqual(['1', '2'])
      expect(uncaught).toEqual([mine, mine])
      expect(source.readyState).toBe(EventSource.OPEN)
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    }
  })
})

describe('close (reading 14)', () => {
  test('in a handler, nothing more is delivered, not even what has arrived', async () => {
    vi.useFakeTimers()
    const source = on({ body: body('data: 1\n\ndata: 2\n\n') })
    const seen: unknown[] = []
    source.onmessage = ({ data }) => {
      seen.push(data)
      source.close()
    }
    source.onerror = (event) => seen.push(event)
    await next(source, 'message')
    await anHour()
    expect(seen).toEqual(['1'])
    expect(source.readyState).toBe(EventSource.CLOSED)
  })

  test('while connecting, nothing is delivered at all', async () => {
    vi.useFakeTimers()
    const transport = scripted({ body: body('data: 1\n\n') })
    const source = open(URL_, { transport })
    const seen: Event[] = []
    for (const type of ['open', 'message', 'error']) source.addEventListener(type, (event) => seen.push(event))
    source.close()
    await anHour()
    expect(seen).toEqual([])
    expect(transport.asked[0]?.signal.aborted).toBe(true)
  })

  test('in the open handler, no message is delivered', async () => {
    vi.useFakeTimers()
    const source = on({ body: body('data: 1\n\n') })
    const seen: Event[] = []
    source.onopen = () => source.close()
    for (const type of ['message', 'error']) source.addEventListener(type, (event) => seen.push(event))
    await anHour()
    expect(seen).toEqual([])
  })

  test('in the error handler, there is no other connection', async () => {
    vi.useFakeTimers()
    const transport = scripted(new Error('down'))
    const source = open(URL_, { transport, ...atOnce })
    source.onerror = () => source.close()
    await anHour()
    expect(transport.asked).toHaveLength(1)
    expect(source.readyState).toBe(EventSource.CLOSED)
  })

  test('may be said twice, and hangs up in the same tick', () => {
    const transport = scripted({ body: endless() })
    const source = open(URL_, { transport })
    source.close()
    expect(transport.asked[0]?.signal.aborted).toBe(true)
    source.close()
    expect(source.readyState).toBe(EventSource.CLOSED)
  })
})

describe('errors', () => {
  test('a loss is one error while CONNECTING, with its code and message', async () => {
    const source = on(Object.assign(new Error('the wire is cut'), { code: 'WIRE' }), { body: endless() })
    const seen: unknown[] = []
    source.onerror = ({ code, message }) => seen.push([source.readyState, code, message])
    await next(source, 'open')
    expect(seen).toEqual([[EventSource.CONNECTING, 'WIRE', 'the wire is cut']])
  })

  test('a server that says retry: 0 and goes away is asked again once at once, and then every second', async () => {
    vi.useFakeTimers()
    const transport = scripted({ body: body('retry: 0\n\n') }, new Error('down'))
    open(URL_, { transport })
    await vi.advanceTimersByTimeAsync(0)
    expect(transport.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(999)
    expect(transport.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(transport.asked).toHaveLength(12)
  })

  test('a stream that the server ended is SSE_ENDED', async () => {
    const source = on({ body: body() })
    expect(await next(source, 'error')).toMatchObject({ code: 'SSE_ENDED' })
    expect(source.readyState).toBe(EventSource.CONNECTING)
  })

  test.each<[string, Answer, string]>([
    ['204', { status: 204 }, 'SSE_ENDED'],
    ['500', { status: 500 }, 'SSE_BAD_STATUS'],
    ['503 with Retry-After', { status: 503, header: () => '0' }, 'SSE_BAD_STATUS'],
    ['another type', { contentType: 'text/plain' }, 'SSE_BAD_CONTENT_TYPE'],
  ])('%s is one error, CLOSED, and no other connection (reading 12)', async (_what, answer, code) => {
    vi.useFakeTimers()
    const transport = scripted(answer)
    const source = open(URL_, { transport })
    const seen: unknown[] = []
    source.onerror = (event) => seen.push([source.readyState, event.code])
    source.onopen = () => seen.push('open')
    await anHour()
    expect(seen).toEqual([[EventSource.CLOSED, code]])
    expect(transport.asked).toHaveLength(1)
  })

  test('the status of an answer is told with the error, 204 too', async () => {
    expect(await next(on({ status: 204 }), 'error')).toMatchObject({ code: 'SSE_ENDED', status: 204 })
    expect(await next(on({ status: 404 }), 'error')).toMatchObject({ code: 'SSE_BAD_STATUS', status: 404 })
    expect(await next(on({ contentType: 'text/plain' }), 'error')).toMatchObject({ status: 200 })
    expect(await next(on(new Error('down')), 'error')).toMatchObject({ status: undefined })
    expect(await next(on({ body: body() }), 'error')).toMatchObject({ code: 'SSE_ENDED', status: undefined })
  })

  test('a policy that says no is one error and CLOSED', async () => {
    const source = open(URL_, { transport: scripted(new Error('down')), reconnect: () => false })
    expect(await next(source, 'error')).toMatchObject({ code: 'SSE_GAVE_UP' })
    expect(source.readyState).toBe(EventSource.CLOSED)
  })

  test('the code of a fetch is found in its cause', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    expect(new EventSourceErrorEvent(new TypeError('fetch failed', { cause })).code).toBe('ECONNREFUSED')
    expect(new EventSourceErrorEvent('what').code).toBe('SSE_GAVE_UP')
  })
})

describe('over real sockets', () => {
  test('opens, delivers, loses, reconnects after the reconnection time and closes', async () => {
    await using server = await peer((_req, res, nth) => {
      res.writeHead(200, EVENT_STREAM)
      res.end(`retry: 5\nid: ${nth}\ndata: m${nth}\n\nevent: tick\ndata: t\n\n`)
    })
    const log: string[] = []
    const source = open(server.url)
    source.onopen = () => log.push(`open ${source.readyState}`)
    source.onmessage = ({ data, lastEventId }) => log.push(`${data} ${lastEventId}`)
    source.addEventListener('tick', () => log.push('tick'))
    await new Promise<void>((resolve) => {
      source.onerror = () => {
        log.push(`error ${source.readyState}`)
        if (server.requests.length === 2) resolve()
      }
    })
    source.close()
    expect(log).toEqual(['open 1', 'm1 1', 'tick', 'error 0', 'open 1', 'm2 2', 'tick', 'error 0'])
    expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1'])
  })

  test('a connection that breaks before the first answer is tried again (reading 13)', async () => {
    await using server = await tcpPeer((socket, nth) => {
      if (nth === 1) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')
    })
    const source = open(server.url, { reconnect: () => 1 })
    const opened = next(source, 'open')
    expect(await next(source, 'error')).toMatchObject({ code: 'TCP_RESET' })
    await opened
  })

  test('two CRs end an event even if nothing follows (reading 7)', async () => {
    await using server = await tcpPeer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\rdata: b\r\r'),
    )
    expect(await next<MessageEvent>(open(server.url), 'message')).toMatchObject({ data: 'a\nb' })
  })

  test('a huge retry does not become an immediate reconnect (reading 5)', async () => {
    vi.useFakeTimers()
    const transport = scripted({ body: body('retry: 99999999999999\n\n') })
    const source = open(URL_, { transport })
    await anHour()
    expect(transport.asked).toHaveLength(1)
    expect(source.readyState).toBe(EventSource.CONNECTING)
  })

  test('runs on fetch as well', async () => {
    await using server = await peer((_req, res) => res.writeHead(200, EVENT_STREAM).write(bytes('data: é\n\n')))
    const source = open(server.url, { transport: fetchTransport() })
    expect(await next<MessageEvent>(source, 'message')).toMatchObject({ data: 'é' })
  })
})
