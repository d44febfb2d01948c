import { EventSource as OurEventSource, openEventStream, rawTransport } from '@sse-from-scratch/sse-client'
import { describeWith, run, start, startNginx } from '@sse-from-scratch/testkit'
import { EventSource as UndiciEventSource } from 'undici'
import { describe, expect, test, vi } from 'vitest'
import { serveExpress } from '../frameworks/express.ts'
import { serveFastify } from '../frameworks/fastify.ts'
import { serveHono } from '../frameworks/hono.ts'
import { serveKoa } from '../frameworks/koa.ts'
import { createTicker, type Ticker } from '../frameworks/ticker.ts'
import { startProgram } from './program.ts'
import { reading } from './reading.ts'

const FRAMEWORKS = [
  { name: 'express', serve: serveExpress },
  { name: 'fastify', serve: serveFastify },
  { name: 'koa', serve: serveKoa },
  { name: 'hono', serve: serveHono },
]

/** A ticker that the test winds up itself, behind a framework. */
async function running(serve: (typeof FRAMEWORKS)[number]['serve']) {
  const ticker = createTicker({ interval: 0 })
  const server = await serve(ticker, 0)
  return {
    ticker,
    port: server.port,
    url: `http://127.0.0.1:${server.port}/ticks`,
    [Symbol.asyncDispose]: () => server.close(() => ticker.stop()),
  }
}

const tick = ({ channel }: Ticker, data: string) => channel.publish({ event: 'tick', data })
const listeners = ({ channel }: Ticker, count: number) =>
  vi.waitFor(() => expect(channel.size).toBe(count), { timeout: 50_000, interval: 5 })

describe.each(FRAMEWORKS)('$name', ({ name, serve }) => {
  test('sends the head before there is an event, uncompressed for a client that takes gzip', async () => {
    await using server = await running(serve)
    const response = await fetch(server.url, { headers: { 'Accept-Encoding': 'gzip, br' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    expect(response.headers.get('content-encoding')).toBeNull()
    await response.body?.cancel()
    await listeners(server.ticker, 0)
  })

  test('has no stream for a method that asks for none', async () => {
    await using server = await running(serve)
    const response = await fetch(server.url, { method: 'POST', signal: AbortSignal.timeout(50_000) })
    expect(response.status).toBeOneOf([404, 405])
    expect(response.headers.get('content-type')).not.toBe('text/event-stream')
    await response.body?.cancel()
    expect(server.ticker.channel.size).toBe(0)
  })

  test('is heard by our EventSource and by undici’s, event by event', async () => {
    await using server = await running(serve)
    for (const EventSource of [OurEventSource, UndiciEventSource]) {
      const source = new EventSource(server.url)
      const heard: string[] = []
      source.addEventListener('tick', (event) => heard.push((event as unknown as { data: string }).data))
      await listeners(server.ticker, 1)
      for (const data of ['a', 'b', 'c']) {
        tick(server.ticker, data)
        await vi.waitFor(() => expect(heard.at(-1)).toBe(data), { timeout: 50_000, interval: 5 })
      }
      expect(heard).toEqual(['a', 'b', 'c'])
      source.close()
      await listeners(server.ticker, 0)
    }
  })

  test('goes on where a client was cut off', async () => {
    await using server = await running(serve)
    const ids = Array.from({ length: 5 }, (_, i) => tick(server.ticker, `${i}`).id ?? '')
    const heard: string[] = []
    const events = openEventStream(server.url, rawTransport(), { lastEventId: ids[1] ?? '' })
    for await (const { data } of events) {
      heard.push(data)
      if (heard.length === 3) tick(server.ticker, 'new')
      if (data === 'new') break
    }
    expect(heard).toEqual(['2', '3', '4', 'new'])
  })

  test('notices that a client has left, without an event to send', async () => {
    await using server = await running(serve)
    const leaving = new AbortController()
    await fetch(server.url, { signal: leaving.signal })
    await listeners(server.ticker, 1)
    leaving.abort()
    await listeners(server.ticker, 0)
  })

  test('sends everybody away with a time to come back, after the last event', async () => {
    const server = await running(serve)
    const response = await fetch(server.url)
    await listeners(server.ticker, 1)
    tick(server.ticker, 'last')
    await server[Symbol.asyncDispose]()
    expect(await response.text()).toMatch(/^(:\n\n)?event: tick\nid: \S+\ndata: last\n\nretry: \d+\n\n$/)
  })

  describeWith(['curl'], 'curl', ([curl]) => {
    test('prints each event as it comes', async () => {
      await using server = await running(serve)
      const starting = start(curl?.path ?? '', ['-sN', '--compressed', server.url], { ready: /data: now\n\n/ })
      await listeners(server.ticker, 1)
      tick(server.ticker, 'now')
      const child = await starting
      await child.stop('SIGTERM')
      await listeners(server.ticker, 0)
    })
  })

  describeWith(['nginx'], 'nginx as it comes', ([nginx]) => {
    test('passes on the head, then each event, without waiting for more', async () => {
      await using server = await running(serve)
      await using proxy = await startNginx({ upstream: server.port, ...(nginx && { tool: nginx }) })
      const response = await fetch(`${proxy.url}/ticks`) // resolves with the head: there is no event yet
      const answer = reading(response)
      await listeners(server.ticker, 1)
      for (const data of ['one', 'two']) {
        tick(server.ticker, data)
        await answer.until(`data: ${data}\n\n`)
      }
      await answer.cancel()
      await listeners(server.ticker, 0)
    })
  })

  test('runs from its command, and Ctrl-C ends it when all are sent away', async () => {
    await using program = await startProgram(`frameworks/${name}`, ['--interval', '20'])
    const answer = reading(await fetch(`${program.url}/ticks`))
    await answer.until(/^event: tick\nid: \S+\ndata: /m)
    const ending = program.process.stop('SIGINT')
    const text = await answer.rest()
    const { code, stdout, stderr } = await ending
    expect(text).toMatch(/retry: \d+\n\n$/)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/everybody was sent away\n$/)
  }, 120_000)
})

test('compression compresses what is no stream: the middleware of the example is at work', async () => {
  await using server = await running(serveExpress)
  const response = await fetch(server.url.replace('/ticks', '/'), { headers: { 'Accept-Encoding': 'gzip' } })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  await response.text()
})

test('a page of a listed origin may listen to the Express example, and no other', async () => {
  await using server = await running(serveExpress)
  const preflight = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'last-event-id' }
  for (const [origin, allowed] of [
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://elsewhere.example', null],
  ] as const) {
    const asked = await fetch(server.url, { method: 'OPTIONS', headers: { Origin: origin, ...preflight } })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, allowed])
    const listened = await fetch(server.url, { headers: { Origin: origin } })
    expect(listened.headers.get('access-control-allow-origin')).toBe(allowed)
    expect(listened.headers.get('vary')).toContain('Origin')
    await listened.body?.cancel()
  }
})

test('Hono’s adapter for Node has nothing to complain of when a client leaves', async () => {
  const complained = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info')]
  await using server = await running(serveHono)
  const leaving = new AbortController()
  await fetch(server.url, { signal: leaving.signal })
  await listeners(server.ticker, 1)
  leaving.abort()
  await listeners(server.ticker, 0)
  await new Promise((resolve) => setImmediate(resolve))
  for (const spy of complained) {
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  }
})

test('what is wrong on the command line is said, before anything listens', async () => {
  const args = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', 'examples/frameworks/koa.ts', '--port', 'x']
  const { code, stderr } = await run(process.execPath, args, { cwd: new URL('../..', import.meta.url).pathname })
  expect([code, stderr]).toEqual([2, '--port must be a whole number from 0 to 65535, not x (--help says more)\n'])
})

test('a port that is taken is said in a sentence', async () => {
  await using taken = await running(serveHono)
  const { port } = new URL(taken.url)
  const args = [
    '--conditions=@sse-from-scratch/source',
    '--import',
    'tsx',
    'examples/frameworks/hono.ts',
    '--port',
    port,
  ]
  const { code, stderr } = await run(process.execPath, args, { cwd: new URL('../..', import.meta.url).pathname })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^[^\n]*EADDRINUSE[^\n]*\n$/)])
})
