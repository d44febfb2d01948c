import {
  type EventStreamOptions,
  openEventStream,
  type ReconnectState,
  type Transport,
} from '@sse-from-scratch/sse-client'
import { describe, expect, test } from 'vitest'
import { type Answer, body, collect, endless, scripted } from './peers.ts'

const URL_ = 'http://a.test/stream'
const STOP = { status: 204 } satisfies Answer
const atOnce = () => 0
const open = (transport: Transport, options: EventStreamOptions = {}) =>
  openEventStream(URL_, transport, { reconnect: atOnce, ...options })
const idOf = (headers: Readonly<Record<string, string>>) => headers['Last-Event-ID']

describe('the request (HTML §9.2.2, reading 11)', () => {
  test('asks for an event stream past every cache', async () => {
    const transport = scripted(STOP)
    await collect(open(transport))
    expect(transport.asked[0]).toMatchObject({ method: 'GET', url: new URL(URL_) })
    expect(transport.asked[0]?.headers).toEqual({ Accept: 'text/event-stream', 'Cache-Control': 'no-cache' })
  })

  test("the caller's headers stand in place of ours, in any case", async () => {
    const transport = scripted(STOP)
    await collect(open(transport, { headers: { accept: 'text/event-stream, */*', 'X-Own': '1' } }))
    expect(transport.asked[0]?.headers).toEqual({
      'Cache-Control': 'no-cache',
      accept: 'text/event-stream, */*',
      'X-Own': '1',
    })
  })

  test.each<[string, EventStreamOptions | string]>([
    ['a url that does not parse', 'nonsense'],
    ['a header name that is no token', { headers: { 'a b': '1' } }],
    ['a header value with a line end', { headers: { a: '1\r\nb: 2' } }],
    ['a method that is no token', { method: 'GET /' }],
    ['a body with GET', { body: 'x' }],
    ['an id with a line end', { lastEventId: 'a\nb' }],
    ['an id with NUL', { lastEventId: 'a\0b' }],
    ['a limit of nothing', { maxEventSize: 0 }],
    ['a timeout below nothing', { idleTimeout: -1 }],
    ['a timeout that is text', { idleTimeout: '5' as never }],
  ])('%s is the caller’s mistake, found before anything is sent', (_what, wrong) => {
    const transport = scripted(STOP)
    const wrongly = () => (typeof wrong === 'string' ? openEventStream(wrong, transport) : open(transport, wrong))
    expect(wrongly).toThrow(/./)
    expect(transport.asked).toEqual([])
  })

  test('a header that cannot be sent is not shown in the error: it may be a secret', () => {
    const wrongly = () => open(scripted(STOP), { headers: { Authorization: 'Bearer geheim\n' } })
    expect(wrongly).toThrow(expect.not.objectContaining({ message: expect.stringContaining('geheim') }))
  })
})

describe('Last-Event-ID over connections (HTML §9.2.3, readings 1, 2, 3, 16)', () => {
  const idsAfter = async (...streams: string[]) => {
    const transport = scripted(...streams.map((text) => ({ body: body(text) })), STOP)
    await collect(open(transport))
    return transport.asked.map(({ headers }) => idOf(headers))
  }

  test('is the id of the last block, and stays while later streams have none', async () => {
    expect(await idsAfter('id: 1\ndata: a\n\n', 'data: b\n\n', 'id: 2\n\n')).toEqual([undefined, '1', '1', '2'])
  })

  test('an event of a later stream without id has the earlier one', async () => {
    const transport = scripted({ body: body('id: 1\ndata: a\n\n') }, { body: body('data: b\n\n') }, STOP)
    const ids: string[] = []
    for await (const { lastEventId } of open(transport)) ids.push(lastEventId)
    expect(ids).toEqual(['1', '1'])
  })

  test('is not sent after an id that resets it to empty', async () => {
    expect(await idsAfter('id: 1\n\n', 'id\n\n')).toEqual([undefined, '1', undefined])
  })

  test('is not moved by a block that never ended', async () => {
    expect(await idsAfter('id: 1\n\nid: 2\ndata: a\n')).toEqual([undefined, '1'])
  })

  test('is not sent while it has a control character, which no field may carry (RFC 9110 §5.5)', async () => {
    expect(await idsAfter('id: a\x01b\n\n', 'id: c\n\n')).toEqual([undefined, undefined, 'c'])
  })

  test('is not sent above 4 KiB of UTF-8: a head that is too long is refused for ever (RFC 6585 §5)', async () => {
    const [most, above] = ['水'.repeat(1365), `${'水'.repeat(1365)}xx`] // 4095 and 4097 bytes
    expect(await idsAfter(`id: ${above}\n\n`, `id: ${most}\n\n`)).toEqual([undefined, undefined, most])
  })

  test('is kept from a stream that broke', async () => {
    const transport = scripted({ body: body('id: 1\n\n', new Error('broken')) }, STOP)
    await collect(open(transport))
    expect(idOf(transport.asked[1]?.headers ?? {})).toBe('1')
  })

  test.each<[string, EventStreamOptions]>([
    ['lastEventId', { lastEventId: '7' }],
    ['a header', { headers: { 'last-event-id': '7' } }],
  ])('starts from %s of the caller', async (_what, options) => {
    const transport = scripted({ body: body('data: a\n\n') }, { body: body('id\n\n') }, STOP)
    for await (const { lastEventId } of open(transport, options)) expect(lastEventId).toBe('7')
    expect(transport.asked.map(({ headers }) => idOf(headers))).toEqual(['7', '7', undefined])
    expect(transport.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, undefined, undefined])
  })
})

describe('the answer (HTML §9.2.3, reading 12)', () => {
  test.each([
    'text/event-stream',
    'text/event-stream;charset=utf-8',
    'Text/Event-Stream ; Charset=ISO-8859-1',
    'text/event-stream;',
  ])('%s opens', async (contentType) => {
    const transport = scripted({ contentType, body: body('data: a\n\n') }, STOP)
    expect(await collect(open(transport))).toEqual({ data: ['a'] })
  })

  test.each([null, '', 'text/plain', 'text/event-stream-x', 'text', 'text/html; text/event-stream'])(
    '%j is SSE_BAD_CONTENT_TYPE, and final',
    async (contentType) => {
      const transport = scripted({ contentType })
      const { error } = await collect(open(transport))
      expect(error).toMatchObject({ code: 'SSE_BAD_CONTENT_TYPE' })
      expect(transport.asked).toHaveLength(1)
      expect(transport.asked[0]?.signal.aborted, 'the connection was kept').toBe(true)
    },
  )

  test.each([100, 201, 205, 206, 300, 304, 400, 401, 403, 404, 408, 410, 500, 501, 505])(
    '%i is SSE_BAD_STATUS, and final',
    async (status) => {
      const transport = scripted({ status })
      const { error } = await collect(open(transport))
      expect(error).toMatchObject({ code: 'SSE_BAD_STATUS', status })
      expect(transport.asked).toHaveLength(1)
      expect(transport.asked[0]?.signal.aborted, 'the connection was kept').toBe(true)
    },
  )

  test('204 ends the stream without an error', async () => {
    expect(await collect(open(scripted({ body: body('data: a\n\n') }, STOP)))).toEqual({ data: ['a'] })
  })

  test.each([429, 502, 503, 504])('%i passes: it is tried again, and no sooner than Retry-After', async (status) => {
    const states: ReconnectState[] = []
    const transport = scripted({ status }, { status, header: (name) => (name === 'retry-after' ? '7' : null) }, STOP)
    const reconnect = (state: ReconnectState) => {
      states.push(state)
      return 0
    }
    expect(await collect(open(transport, { reconnect }))).toEqual({ data: [] })
    expect(states).toMatchObject([
      { attempt: 1, error: { code: 'SSE_BAD_STATUS', status } },
      { attempt: 2, retryAfter: 7000, error: { code: 'SSE_BAD_STATUS', status } }, // RFC 9110 §10.2.3
    ])
    expect(transport.asked[0]?.signal.aborted, 'the connection was kept').toBe(true)
  })

  test.each([429, 502, 503, 504])('%i is thrown as it is by a policy that says no, and to a POST', async (status) => {
    const error = { code: 'SSE_BAD_STATUS', status }
    expect(await collect(open(scripted({ status }), { reconnect: () => false }))).toMatchObject({ error })
    expect(await collect(openEventStream(URL_, scripted({ status }), { method: 'POST' }))).toMatchObject({ error })
  })

  test.each<[string, Answer]>([
    ['an answer to come back after', { status: 503, header: () => '0' }],
    ['a body that broke', { body: body(new Error('broken')) }],
  ])('the connection of %s is let go before the next one', async (_what, answer) => {
    const kept: boolean[] = []
    const answers = scripted(answer, STOP)
    const transport: Transport = (request) => {
      kept.push(...answers.asked.map(({ signal }) => !signal.aborted))
      return answers(request)
    }
    await collect(open(transport))
    expect(kept).toEqual([false])
  })

  test('500 with Retry-After is final', async () => {
    const { error } = await collect(open(scripted({ status: 500, header: () => '1' })))
    expect(error).toMatchObject({ code: 'SSE_BAD_STATUS', retryAfter: 1000 })
  })

  test('an event that is too large is final', async () => {
    const transport = scripted({ body: body('data: a\n\ndata: 1234567890\n\n') })
    const { data, error } = await collect(open(transport, { maxEventSize: 12 }))
    expect({ data, error }).toMatchObject({ data: ['a'], error: { code: 'SSE_EVENT_TOO_LARGE' } })
    expect(transport.asked[0]?.signal.aborted, 'the connection was kept').toBe(true)
  })
})

describe('losses (HTML §9.2.3, reading 13)', () => {
  const broken = new Error('broken')

  test('a network error before the first response is tried again', async () => {
    expect(await collect(open(scripted(broken, broken, { body: body('data: a\n\n') }, STOP)))).toEqual({ data: ['a'] })
  })

  test('a broken body is tried again, after what came before it', async () => {
    const transport = scripted({ body: body('data: a\n\n', broken) }, { body: body('data: b\n\n') }, STOP)
    expect(await collect(open(transport))).toEqual({ data: ['a', 'b'] })
  })

  test('an empty answer and a null body are tried again', async () => {
    expect(await collect(open(scripted({ body: null }, { body: body() }, STOP)))).toEqual({ data: [] })
  })

  test('attempts are counted from the last connection that opened', async () => {
    const attempts: number[] = []
    const reconnect = ({ attempt }: ReconnectState) => {
      attempts.push(attempt)
      return 0
    }
    await collect(open(scripted(broken, broken, { body: body() }, broken, STOP), { reconnect }))
    expect(attempts).toEqual([1, 2, 0, 1])
  })

  test('the policy hears the reconnection time, from retry: or 3000, and why', async () => {
    const states: ReconnectState[] = []
    const reconnect = (state: ReconnectState) => {
      states.push(state)
      return 0
    }
    await collect(open(scripted(broken, { body: body('retry: 5\n') }, { body: body(broken) }, STOP), { reconnect }))
    expect(states).toEqual([
      { attempt: 1, reconnectionTime: 3000, error: broken },
      { attempt: 0, reconnectionTime: 5 },
      { attempt: 0, reconnectionTime: 5, error: broken },
    ])
  })

  test('a policy that says no after a failure is SSE_GAVE_UP with its cause', async () => {
    const { error } = await collect(open(scripted(broken), { reconnect: ({ attempt }) => attempt < 3 && 0 }))
    expect(error).toMatchObject({ code: 'SSE_GAVE_UP', cause: broken })
  })

  test('a policy that says no after a stream that ended ends the loop', async () => {
    const transport = scripted({ body: body('data: a\n\n') })
    expect(await collect(open(transport, { reconnect: () => false }))).toEqual({ data: ['a'] })
  })

  test.each([-1, Number.NaN])('a policy that says %d is a RangeError, not a busy loop', async (wait) => {
    const transport = scripted(broken)
    const { error } = await collect(open(transport, { reconnect: () => wait }))
    expect(error).toBeInstanceOf(RangeError)
    expect(transport.asked).toHaveLength(1)
  })

  test('a transport that throws before it promises, or nothing at all, is a loss like any other', async () => {
    let asked = 0
    const transport: Transport = () => {
      if (++asked === 1) throw broken
      if (asked === 2) return Promise.reject(undefined)
      return Promise.resolve({ status: 204, contentType: null, body: null })
    }
    expect(await collect(open(transport))).toEqual({ data: [] })
    expect(asked).toBe(3)
  })
})

describe('another method than GET (RFC 9110 §9.2.2)', () => {
  const post = { method: 'POST', body: '{}' }
  const once = (transport: Transport, options = {}) =>
    collect(openEventStream(URL_, transport, { ...post, ...options }))

  test('carries its body', async () => {
    const transport = scripted(STOP)
    await once(transport)
    expect(transport.asked[0]).toMatchObject(post)
  })

  test('is not repeated after a stream that ended', async () => {
    const transport = scripted({ body: body('data: a\n\n') })
    expect(await once(transport)).toEqual({ data: ['a'] })
    expect(transport.asked).toHaveLength(1)
  })

  test('is not repeated after a loss, which is thrown', async () => {
    const broken = new Error('broken')
    const transport = scripted({ body: body('data: a\n\n', broken) })
    expect(await once(transport)).toMatchObject({ data: ['a'], error: { code: 'SSE_GAVE_UP', cause: broken } })
    expect(transport.asked).toHaveLength(1)
  })

  test('is repeated by a policy that is given', async () => {
    const transport = scripted(new Error('broken'), STOP)
    await once(transport, { reconnect: atOnce })
    expect(transport.asked).toHaveLength(2)
    expect(transport.asked[1]).toMatchObject(post)
  })
})

describe('a redirect (reading 12)', () => {
  const moved = (to: string) => ({ url: new URL(to), body: body('data: a\n\n') })

  test('is where later connections begin', async () => {
    const transport = scripted(moved('http://a.test/b'), { body: body() }, STOP)
    await collect(open(transport))
    expect(transport.asked.map(({ url }) => url.href)).toEqual([URL_, 'http://a.test/b', 'http://a.test/b'])
  })

  test('keeps what proves who we are from another origin', async () => {
    const headers = { Authorization: 'secret', 'X-Api-Key': 'secret', cookie: 'secret', 'X-Own': '1' }
    const transport = scripted(moved('http://b.test/'), STOP)
    await collect(open(transport, { headers, lastEventId: '1' }))
    expect(transport.asked[1]?.headers).toEqual({
      Accept: 'text/event-stream',
      'Cache-Control': 'no-cache',
      'X-Own': '1',
      'Last-Event-ID': '1',
    })
    expect(transport.asked[1]?.redirectedFrom?.href).toBe(URL_)
  })

  test('is not where a POST is repeated', async () => {
    const transport = scripted(moved('http://a.test/b'), STOP)
    await collect(open(transport, { method: 'POST' }))
    expect(transport.asked.map(({ url }) => url.href)).toEqual([URL_, URL_])
  })
})

describe('states', () => {
  test('are told in order, a loss with its error, the end with its own', async () => {
    const broken = new Error('broken')
    const states: unknown[] = []
    const onStateChange = (...state: unknown[]) => states.push(state)
    const transport = scripted({ body: body() }, { body: body(broken) }, { status: 500 })
    const { error } = await collect(open(transport, { onStateChange }))
    expect(states).toEqual([['open'], ['connecting', undefined], ['open'], ['connecting', broken], ['closed', error]])
  })

  test('what the listener throws is thrown by the loop, not taken for a loss', async () => {
    const transport = scripted({ body: body() })
    const onStateChange = (state: string) => {
      if (state === 'open') throw new Error('mine')
    }
    await expect(open(transport, { onStateChange }).next()).rejects.toThrow('mine')
    expect(transport.asked).toHaveLength(1)
  })
})

describe('leaving', () => {
  test('break aborts the connection in the same tick', async () => {
    const transport = scripted({ body: endless('data: a\n\ndata: b\n\n') })
    for await (const _ of open(transport)) {
      process.nextTick(() => expect(transport.asked[0]?.signal.aborted).toBe(true))
      break
    }
    expect(transport.asked[0]?.signal.aborted).toBe(true)
  })

  const waiting: [string, () => Transport][] = [
    ['connecting', () => () => new Promise(() => {})],
    ['reading', () => scripted({ body: endless() })],
    ['sleeping', () => scripted(new Error('broken'))],
  ]

  test.each(waiting)('return() ends a stream that is %s', async (_what, transport) => {
    const events = open(transport(), { reconnect: () => 60_000 })
    const next = events.next()
    await new Promise(setImmediate)
    await events.return()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  test.each(waiting)('a signal ends a stream that is %s, with its reason unwrapped', async (_what, transport) => {
    const controller = new AbortController()
    const states: unknown[] = []
    const events = open(transport(), {
      reconnect: () => 60_000,
      signal: controller.signal,
      onStateChange: (...state) => states.push(state),
    })
    const next = events.next()
    await new Promise(setImmediate)
    const reason = { any: 'reason' }
    controller.abort(reason)
    await expect(next).rejects.toBe(reason)
    expect(states.at(-1)).toEqual(['closed', reason])
  })

  test('a signal that was aborted before lets nothing be sent', async () => {
    const transport = scripted(STOP)
    await expect(open(transport, { signal: AbortSignal.abort('no') }).next()).rejects.toBe('no')
    expect(transport.asked).toEqual([])
  })

  test('nothing that has arrived is delivered after the signal', async () => {
    const controller = new AbortController()
    const data: string[] = []
    const events = open(scripted({ body: body('data: a\n\ndata: b\n\n') }), { signal: controller.signal })
    const reading = (async () => {
      for await (const event of events) {
        data.push(event.data)
        controller.abort('no')
      }
    })()
    await expect(reading).rejects.toBe('no')
    expect(data).toEqual(['a'])
  })

  test('throw() hangs up and gives the error back', async () => {
    const transport = scripted({ body: endless('data: a\n\n') })
    const events = open(transport)
    await events.next()
    await expect(events.throw(new Error('mine'))).rejects.toThrow('mine')
    expect(transport.asked[0]?.signal.aborted).toBe(true)
  })

  test('await using hangs up', async () => {
    const transport = scripted({ body: endless('data: a\n\n') })
    {
      await using events = open(transport)
      await events.next()
    }
    expect(transport.asked[0]?.signal.aborted).toBe(true)
  })

  test('a stream that is over leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--
      removeEventListener.apply(signal, args)
    }
    await collect(open(scripted({ body: body() }, { body: body() }, STOP), { signal }))
    expect(listeners).toBe(0)
  })
})

describe('idleTimeout', () => {
  test.each<[string, Answer | undefined]>([
    ['a connection that is silent', { body: endless('data: a\n\n') }],
    ['an answer that does not come', undefined],
  ])('%s is lost, and tried again', async (_what, answer) => {
    const rest = scripted(...(answer ? [answer] : []), STOP)
    let asked = 0
    const transport: Transport = (request) => {
      if (++asked === 1 && answer === undefined) return new Promise(() => {})
      return rest(request)
    }
    const losses: unknown[] = []
    const onStateChange = (state: string, error?: unknown) => state === 'connecting' && losses.push(error)
    const { error } = await collect(open(transport, { idleTimeout: 5, onStateChange }))
    expect(error).toBeUndefined()
    expect(losses).toEqual([expect.objectContaining({ code: 'SSE_IDLE_TIMEOUT' })])
  })
})

test.each<[what: string, arguments_: unknown[]]>([
  ['no transport', []],
  ['options where the transport belongs', [{ headers: {} }]],
  ['a number for a policy', [async () => ({ status: 204, contentType: null, body: null }), { reconnect: 1000 }]],
])('%s is a TypeError at once, and no loss that is tried again', (_what, rest) => {
  const open = openEventStream as (...all: unknown[]) => unknown
  expect(() => open('http://localhost/', ...rest)).toThrow(TypeError)
})
