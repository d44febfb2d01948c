import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { createEventDecoder, EventDecoderStream, fetchTransport, readEvents } from '@sse-from-scratch/sse-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { body, bytes, collect, EVENT_STREAM, endless } from './peers.ts'

afterEach(() => {
  vi.useRealTimers()
})

const STREAM = 'data: 1\n\ndata: 2\n\n'

describe('readEvents reads', () => {
  const response = () => new Response(STREAM, { headers: EVENT_STREAM })
  test.each([
    ['a fetch Response', response],
    ['its body', () => response().body as ReadableStream<Uint8Array>],
    ['an async generator', () => body(STREAM)],
    ['an object with a body', () => ({ body: body(STREAM) })],
    ['a Node stream', () => Readable.from([Buffer.from(STREAM)])],
  ])('%s', async (_what, source) => {
    expect(await collect(readEvents(source()))).toEqual({ data: ['1', '2'] })
  })

  test('an answer with a null body as an empty stream', async () => {
    expect(await collect(readEvents(new Response(null, { headers: EVENT_STREAM })))).toEqual({ data: [] })
  })

  test('a stream that cannot be iterated, as in Safari', async () => {
    const { body: stream } = response()
    const reader = { getReader: () => stream?.getReader() } as unknown as ReadableStream<Uint8Array>
    expect(await collect(readEvents(reader))).toEqual({ data: ['1', '2'] })
  })
})

describe('a failure comes after what came before it', () => {
  const broken = new Error('broken')

  test('a source that breaks between reads', async () => {
    expect(await collect(readEvents(body('data: 1\n\n', broken)))).toEqual({ data: ['1'], error: broken })
  })

  test('an event that is too large behind others in one read', async () => {
    const events = readEvents(body('data: 1\n\ndata: 123456789\n\n'), { maxEventSize: 12 })
    expect(await collect(events)).toEqual({
      data: ['1'],
      error: expect.objectContaining({ code: 'SSE_EVENT_TOO_LARGE' }),
    })
  })

  test('EventDecoderStream: an event that is too large', async () => {
    const stream = new EventDecoderStream({ maxEventSize: 12 })
    const seen = collect(stream.readable)
    const writer = stream.writable.getWriter()
    await writer.write(bytes('data: 1\n\ndata: 123456789'))
    await writer.close().catch(() => {})
    expect(await seen).toEqual({ data: ['1'], error: expect.objectContaining({ code: 'SSE_EVENT_TOO_LARGE' }) })
  })
})

describe('leaving', () => {
  test('break cancels a web stream, and waits for it', async () => {
    let cancelled = false
    const source = new ReadableStream<Uint8Array>({
      pull: (stream) => stream.enqueue(bytes(STREAM)),
      async cancel() {
        await null
        cancelled = true
      },
    })
    for await (const _ of readEvents(source)) break
    expect(cancelled).toBe(true)
  })

  test('break ends an async generator', async () => {
    let ended = false
    async function* source() {
      try {
        yield* endless(STREAM)
      } finally {
        ended = true
      }
    }
    for await (const _ of readEvents(source())) break
    expect(ended).toBe(true)
  })

  test('an aborted signal is thrown as it is, even if the source never answers again', async () => {
    const controller = new AbortController()
    const events = readEvents(endless(STREAM), { signal: controller.signal })
    await events.next()
    const reason = { any: 'reason' }
    controller.abort(reason)
    await expect(events.next()).rejects.toBe(reason)
  })

  test('a signal that was aborted before lets no read happen', async () => {
    const source = Readable.from([Buffer.from(STREAM)])
    await expect(readEvents(source, { signal: AbortSignal.abort('no') }).next()).rejects.toBe('no')
  })

  test('nothing that has arrived is delivered after the signal', async () => {
    const controller = new AbortController()
    const events = readEvents(body(STREAM), { signal: controller.signal })
    expect((await events.next()).value?.data).toBe('1')
    controller.abort('no')
    await expect(events.next()).rejects.toBe('no')
  })

  test('silence for idleTimeout is SSE_IDLE_TIMEOUT, and the source is let go', async () => {
    let disposed = false
    const source = Object.assign(endless(STREAM), {
      async [Symbol.asyncDispose]() {
        disposed = true
      },
    })
    const { data, error } = await collect(readEvents(source, { idleTimeout: 5 }))
    expect(data).toEqual(['1', '2'])
    expect(error).toMatchObject({ code: 'SSE_IDLE_TIMEOUT' })
    expect(disposed).toBe(true)
  })

  test('idleTimeout does not run while the reader is busy', async () => {
    vi.useFakeTimers()
    const events = readEvents(body(STREAM, STREAM), { idleTimeout: 20 })
    await events.next()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await collect(events)).toEqual({ data: ['2', '1', '2'] })
  })

  test('return while a read is waited for lets go of the source at once, and the call that waits has its end', async () => {
    let disposed = false
    const source = Object.assign(endless(STREAM), {
      async [Symbol.asyncDispose]() {
        disposed = true
      },
    })
    const events = readEvents(source)
    await events.next()
    await events.next()
    const waits = events.next()
    expect(await events.return()).toEqual({ done: true, value: undefined })
    expect(await waits).toEqual({ done: true, value: undefined })
    expect(disposed).toBe(true)
  })

  test('return while a web stream is waited for cancels it', async () => {
    const reason = new Promise<void>((resolve) => {
      const source = new ReadableStream<Uint8Array>({
        start: (stream) => stream.enqueue(bytes(STREAM)),
        cancel: () => resolve(),
      })
      const leave = async () => {
        await using events = readEvents(source)
        await events.next()
        await events.next()
        events.next()
      }
      void leave()
    })
    await reason
  })

  test('a source that was never asked for anything is left alone', async () => {
    const source = new Response(STREAM).body as ReadableStream<Uint8Array>
    await readEvents(source).return()
    expect(source.locked).toBe(false)
    expect(await collect(readEvents(source))).toEqual({ data: ['1', '2'] })
  })

  test.each([-1, Number.NaN])('an idleTimeout of %d is a RangeError, before anything is read', (idleTimeout) => {
    expect(() => readEvents(body(STREAM), { idleTimeout })).toThrow(RangeError)
  })

  test('a maxEventSize of 0 is a RangeError, before anything is read', () => {
    expect(() => readEvents(body(STREAM), { maxEventSize: 0 })).toThrow(RangeError)
  })
})

test('retry is told at once, and the last event ID is kept by the decoder', async () => {
  const decoder = createEventDecoder()
  const times: number[] = []
  await collect(readEvents(body('retry: 5\n', 'id: 9\n\nid: 10\n'), { decoder, onRetry: (ms) => times.push(ms) }))
  expect(times).toEqual([5])
  expect(decoder.lastEventId).toBe('9')
})

test('EventDecoderStream goes into a pipe', async () => {
  const events = new Response(`${STREAM}data: never finished`).body?.pipeThrough(new EventDecoderStream())
  expect(await collect(events as ReadableStream)).toEqual({ data: ['1', '2'] })
})

test('break out of a fetch hangs up', async () => {
  const server = createServer((_req, res) => res.writeHead(200).write(STREAM)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const closed = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const response = await fetchTransport()({
    url: new URL(`http://127.0.0.1:${port}/`),
    method: 'GET',
    headers: {},
    signal: new AbortController().signal,
  })
  for await (const _ of readEvents(response)) break
  await closed
  server.close()
})
