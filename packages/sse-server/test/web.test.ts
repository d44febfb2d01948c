import { createChannel, encodeEvent, type Session, skipAbove } from '@sse-from-scratch/sse-server'
import { eventStream, stopReconnecting } from '@sse-from-scratch/sse-server/web'
import { describe, expect, test, vi } from 'vitest'
import { nextTurn } from './listeners.ts'

const get = (init?: RequestInit) => new Request('http://test/', init)
const quiet = { heartbeat: 0 }
const GONE = expect.objectContaining({ code: 'SSE_CLIENT_GONE' })

/** A stream behind its opening comment, and its session as soon as `start` has been given it. */
async function open(request: Request = get(), options = {}) {
  let hand = (_: Session) => {}
  const given = new Promise<Session>((resolve) => {
    hand = resolve
  })
  const response = eventStream(request, (session) => hand(session), { ...quiet, ...options })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const session = await given
  expect(await read(reader)).toBe(':\n\n')
  return { response, reader, session }
}

const read = async (reader: ReadableStreamDefaultReader<Uint8Array>) =>
  new TextDecoder().decode((await reader.read()).value)

describe('the response', () => {
  test('is there before start runs, with the head of an event stream', () => {
    const start = vi.fn()
    const { status, headers } = eventStream(get(), start, quiet)
    expect(start).not.toHaveBeenCalled()
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(headers.has('transfer-encoding')).toBe(false) // hop-by-hop: the platform's business (RFC 9110 §7.6.1)
  })

  test('takes what the options add or replace', () => {
    const options = { ...quiet, headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': '7' } }
    const { headers } = eventStream(get(), () => {}, options)
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('x-request-id')).toBe('7')
  })

  test('is not made when the caller is mistaken', () => {
    expect(() => eventStream(get(), () => {}, { heartbeat: -1 })).toThrow(RangeError)
    expect(() => eventStream(get(), () => {}, { headers: { 'x-a': 'b\r\nc: d' } })).toThrow(TypeError)
  })

  test('to HEAD is the head alone, and start does not run', async () => {
    const start = vi.fn()
    const response = eventStream(get({ method: 'HEAD' }), start)
    await null
    expect([response.body, response.headers.get('content-type')]).toEqual([null, 'text/event-stream'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(start).not.toHaveBeenCalled()
  })

  test('that stops clients is a 204 no cache may repeat', () => {
    const { status, headers, body } = stopReconnecting()
    expect([status, headers.get('cache-control'), body]).toEqual([204, 'no-store', null])
  })
})

test.each([
  [Buffer.from('ü水').toString('latin1'), 'ü水'],
  ['7', '7'],
  ['', undefined],
])('the last event ID %j is %j', async (field, id) => {
  const { session } = await open(get({ headers: { 'last-event-id': field } }))
  expect(session.lastEventId).toBe(id)
})

describe('the stream', () => {
  test('is what start sends, up to the end of the session', async () => {
    const response = eventStream(
      get(),
      async (session) => {
        await session.send({ data: 'a' })
        session.push(encodeEvent({ data: 'b' }))
        await session.end()
      },
      { ...quiet, retry: 10 },
    )
    expect(await response.text()).toBe('retry: 10\n\ndata: a\n\ndata: b\n\n')
  })

  test('begins with a comment before there is an event: a platform may keep the head until then', async () => {
    expect(await eventStream(get(), (session) => session.end(), quiet).text()).toBe(':\n\n')
  })

  test('stays open when start returns: a channel may feed it', async () => {
    const channel = createChannel()
    const response = eventStream(get(), (session) => void channel.subscribe(session), quiet)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await null
    await null
    channel.publish({ data: 'later' })
    expect(await read(reader)).toBe(':\n\n')
    expect(await read(reader)).toBe('data: later\n\n')
  })

  test('an error in start cuts it, for the reader to see', async () => {
    const mistake = new Error('in start')
    for (const start of [
      () => Promise.reject(mistake),
      () => {
        throw mistake
      },
    ]) {
      await expect(eventStream(get(), start, quiet).text()).rejects.toBe(mistake)
    }
  })

  test('abort cuts it with the reason', async () => {
    const { session, reader } = await open()
    const reason = new Error('mine')
    session.abort(reason)
    await expect(reader.read()).rejects.toBe(reason)
  })
})

describe('a client that leaves', () => {
  test('by cancelling the body ends the session', async () => {
    const { session, reader } = await open()
    const cause = new Error('closed the tab')
    await reader.cancel(cause)
    await session.closed
    expect(session.signal.reason).toEqual(GONE)
    expect(session.signal.reason.cause).toBe(cause)
    await expect(session.send({ data: 'x' })).rejects.toEqual(GONE)
  })

  test("by the request's signal ends the session, and the stream is not mistaken for a whole one", async () => {
    const leaving = new AbortController()
    const { session, reader } = await open(get({ signal: leaving.signal }))
    leaving.abort()
    await session.closed
    expect(session.signal.reason).toEqual(GONE)
    await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('settles the send that waits for it to read, either way', async () => {
    for (const way of ['cancel', 'abort']) {
      const leaving = new AbortController()
      const { session, reader } = await open(get({ signal: leaving.signal }))
      const waiting = session.send({ data: 'x'.repeat(100_000) })
      if (way === 'cancel') void reader.cancel()
      else leaving.abort()
      await expect(waiting, way).rejects.toEqual(GONE)
    }
  })

  test('before the answer: start does not run, and the body is cut', async () => {
    const start = vi.fn()
    const response = eventStream(get({ signal: AbortSignal.abort() }), start)
    await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' })
    expect(start).not.toHaveBeenCalled()
  })
})

describe('backpressure', () => {
  test('send waits above 64 KiB until the reader has taken some', async () => {
    const { session, reader } = await open()
    await session.send({ data: 'x'.repeat(60_000) })
    let sent = false
    const waiting = session.send({ data: 'y'.repeat(60_000) }).then(() => {
      sent = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect([sent, session.unsent > 120_000]).toEqual([false, true])
    await read(reader)
    await waiting
    await read(reader)
    expect(session.unsent).toBe(0)
  })

  test('unsent is 0 once the stream is over, however that came', async () => {
    const endings = [
      (session: Session) => session.end(),
      (session: Session) => session.abort(),
      (_: Session, reader: ReadableStreamDefaultReader) => reader.cancel(),
    ]
    for (const end of endings) {
      const { session, reader } = await open()
      session.push(encodeEvent({ data: 'x' }))
      await end(session, reader)
      expect(session.unsent).toBe(0)
    }
  })

  test('a policy sees which reader is behind, and the other one hears everything', async () => {
    const channel = createChannel({ slowConsumer: skipAbove(1000) })
    const [slow, fast] = [await open(), await open()]
    for (const { session } of [slow, fast]) channel.subscribe(session)
    const event = { data: 'x'.repeat(100) }
    for (let i = 0; i < 100; i++) {
      channel.publish(event)
      expect(await read(fast.reader)).toBe(`data: ${event.data}\n\n`)
      await nextTurn()
    }
    expect(slow.session.unsent).toBeGreaterThan(1000)
    expect(slow.session.unsent).toBeLessThan(1000 + 2 * 108)
  })

  test('the bytes of one reader stay whole for the others: nothing detaches them', async () => {
    const channel = createChannel()
    const readers = [await open(), await open()]
    for (const { session } of readers) channel.subscribe(session)
    const { bytes } = channel.publish({ data: 'x' })
    for (const { reader } of readers) expect(await read(reader)).toBe('data: x\n\n')
    expect(bytes).toHaveLength(9)
  })
})

test('a request signal that outlives its stream keeps no listener', async () => {
  const { signal } = new AbortController()
  const request = { method: 'GET', headers: new Headers(), signal } as unknown as Request
  const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
  const { session } = await open(request)
  await session.end()
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener))
})
