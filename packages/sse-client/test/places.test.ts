import { EventSource as RawEventSource } from '@sse-from-scratch/sse-client'
import { EventSource, openEventStream, readEvents } from '@sse-from-scratch/sse-client/fetch'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { body, EVENT_STREAM, peer, scripted } from './peers.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const STOP = { status: 204 }

/** Where a stream asks, when it runs in such a place. */
async function askedFrom(place: Record<string, unknown>, url: string): Promise<string[]> {
  for (const [name, value] of Object.entries(place)) vi.stubGlobal(name, value)
  const loop = scripted(STOP)
  for await (const _event of openEventStream(url, loop));
  const source = scripted(STOP)
  const { url: visible } = new EventSource(url, { transport: source })
  return [loop.asked[0]?.url.href ?? '', source.asked[0]?.url.href ?? '', visible]
}

describe('a relative URL', () => {
  const page = { document: { baseURI: 'https://a.test/app/' }, location: { href: 'https://a.test/index.html' } }
  const worker = { location: { href: 'https://a.test/js/worker.js' } }

  test.each<[url: string, where: string, place: Record<string, unknown>, asked: string]>([
    ['/events', 'a page', page, 'https://a.test/events'],
    ['events?a=b', 'a page with a <base>', page, 'https://a.test/app/events?a=b'],
    ['../events', 'a worker', worker, 'https://a.test/events'],
    ['//b.test/', 'a worker', worker, 'https://b.test/'],
    ['https://c.test/', 'a page', page, 'https://c.test/'],
  ])('%s in %s is relative to it (HTML, API base URL)', async (url, _where, place, asked) => {
    expect(await askedFrom(place, url)).toEqual([asked, asked, asked])
  })

  test('is a TypeError that says why where there is no page', () => {
    const transport = scripted(STOP)
    expect(() => openEventStream('/events', transport)).toThrow(TypeError)
    expect(() => openEventStream('/events', transport)).toThrow('relative')
    expect(transport.asked).toEqual([])
  })

  test('is a SyntaxError of an EventSource where there is no page, as the standard has it', () => {
    const error = expect.objectContaining({ name: 'SyntaxError' })
    expect(() => new EventSource('/events', { transport: scripted(STOP) })).toThrow(error)
  })
})

test('a URL that does not parse is not repeated in the error: it may have a password', () => {
  const secret = 'http://me:geheim@a b/'
  try {
    openEventStream(secret, scripted(STOP))
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    expect(JSON.stringify({ ...(error as object), text: `${error}` })).not.toContain('geheim')
  }
})

describe('the EventSource of ./fetch', () => {
  test('asks by fetch, and is one over a real server', async () => {
    await using server = await peer((_req, res) => res.writeHead(200, EVENT_STREAM).end('data: here\n\n'))
    const fetch = vi.spyOn(globalThis, 'fetch')
    const source = new EventSource(server.url)
    const { data } = await new Promise<MessageEvent>((resolve) => {
      source.onmessage = resolve
    })
    source.close()
    expect(data).toBe('here')
    expect(fetch).toHaveBeenCalledTimes(1)
    fetch.mockRestore()
  })

  test('is beside that of the main entry, with the same members', () => {
    expect(EventSource).not.toBe(RawEventSource)
    expect(Object.getOwnPropertyNames(EventSource.prototype)).toEqual(
      Object.getOwnPropertyNames(RawEventSource.prototype),
    )
    expect(EventSource.name).toBe('EventSource')
  })
})

describe('an idleTimeout of 0', () => {
  test('is none, for a stream and for a loop', async () => {
    vi.useFakeTimers()
    const silent = () => new ReadableStream<Uint8Array>()
    const heard: unknown[] = []
    const events = openEventStream('http://a.test/', scripted({ body: silent() }), { idleTimeout: 0 })
    const reading = readEvents(silent(), { idleTimeout: 0 })
    for (const loop of [events, reading])
      loop.next().then(
        (end) => heard.push(end),
        (error) => heard.push(error),
      )
    await vi.advanceTimersByTimeAsync(2 ** 31)
    expect(heard).toEqual([])
    await Promise.all([events.return(), reading.return()])
  })
})

describe('one signal for many streams', () => {
  const MANY = 40

  test('is no leak to Node, and nobody listens to it when they are over', async () => {
    const warnings: Error[] = []
    const warned = (warning: Error) => warnings.push(warning)
    process.on('warning', warned)
    const { signal } = new AbortController()
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    const open = () => [
      openEventStream('http://a.test/', scripted({ body: body('data: 1\n\n') }), { signal, reconnect: () => false }),
      readEvents(body('data: 1\n\n'), { signal }),
    ]
    const streams = Array.from({ length: MANY }, open).flat()
    const sources = Array.from({ length: MANY }, () => {
      const transport = scripted({ body: body('data: 1\n\n') })
      return new EventSource('http://a.test/', { transport, signal, reconnect: () => false })
    })
    for (const stream of streams) expect((await stream.next()).value).toMatchObject({ data: '1' })
    expect(add).toHaveBeenCalledTimes(1)
    for (const stream of streams) await stream.return()
    for (const source of sources) source.close()
    await new Promise(setImmediate) // a warning is told a tick later
    process.off('warning', warned)
    expect(warnings).toEqual([])
    expect(remove).toHaveBeenCalledTimes(1)
  })

  test('ends all of them, each with its reason', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const ends = Array.from({ length: MANY }, () =>
      readEvents(new ReadableStream<Uint8Array>(), { signal })
        .next()
        .catch((error: unknown) => error),
    )
    const source = new EventSource('http://a.test/', { transport: scripted({ body: body('') }), signal })
    const reason = new Error('enough')
    controller.abort(reason)
    expect(new Set(await Promise.all(ends))).toEqual(new Set([reason]))
    expect(source.readyState).toBe(2)
  })
})
