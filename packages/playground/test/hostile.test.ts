import { once } from 'node:events'
import { get } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { serve } from '@sse-from-scratch/chunked'
import type { Handler } from '@sse-from-scratch/http-raw'
import { anthropic, openai } from '@sse-from-scratch/llm-stream'
import { simulatedTargets, type Targets } from '@sse-from-scratch/playground'
import { fetch } from 'undici'
import { describe, expect, test, vi } from 'vitest'
import { createEventLog, LOG_SIZE } from '../src/log.ts'
import { createRuns } from '../src/runs.ts'
import { startHouse } from './house.ts'

// Every house is two servers, with a model a third. On a machine with too much to do that takes long, and is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const KEY = 'sk-must-not-be-seen-4711'
const text = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).text()

/** All that /bytes tells, decoded. */
async function bytesOf(url: string): Promise<string> {
  const events = await text(url)
  return [...events.matchAll(/"bytes":"([^"]*)"/g)]
    .map(([, base64 = '']) => Buffer.from(base64, 'base64').toString())
    .join('')
}

/** Targets that are one server of the test's, asked with a key. */
function keyedTargets(url: string): Targets {
  return {
    openai: { provider: openai({ baseUrl: `${url}/v1`, apiKey: KEY }), model: 'm', simulated: false },
    anthropic: { provider: anthropic({ baseUrl: url, apiKey: KEY }), model: 'm', simulated: false },
  }
}

async function startModel(handler: Handler) {
  const model = await serve(handler)
  return { url: `http://127.0.0.1:${model.address.port}`, [Symbol.asyncDispose]: () => model[Symbol.asyncDispose]() }
}

describe('a model server that sends back what it was sent', () => {
  test.each(['openai', 'anthropic'])('%s: the key shows in no event and in no byte', async (wire) => {
    await using model = await startModel(async (request, respond) => {
      const key = request.fields.get('authorization') ?? request.fields.get('x-api-key') ?? ''
      const body = JSON.stringify({ error: { message: `no such key: ${key}` } })
      await respond(401, { 'Content-Type': 'application/json', 'X-Echo': key, 'Set-Cookie': `k=${key}` }, body)
    })
    await using house = await startHouse({ targets: keyedTargets(model.url) })
    const answer = await text(`${house.url}/events?prompt=hello&run=k&wire=${wire}`)
    const bytes = await bytesOf(`${house.url}/bytes?run=k`)
    expect(answer).toContain('event: failure')
    expect(bytes).toContain('X-Echo: ')
    expect(answer + bytes).not.toContain('4711')
  })

  test('behind a redirect its cookies are hidden all the same', async () => {
    await using model = await startModel(async (request, respond) => {
      if (request.target === '/v1/other') {
        await respond(400, { 'Set-Cookie': 'session=hunter2', Connection: 'close' }, 'no')
      } else await respond(307, { Location: '/v1/other', Connection: 'close' }, '')
    })
    await using house = await startHouse({ targets: keyedTargets(model.url) })
    await text(`${house.url}/events?prompt=hello&run=r`)
    const bytes = await bytesOf(`${house.url}/bytes?run=r`)
    expect(bytes).toContain('307 Temporary Redirect')
    expect(bytes).toContain('Set-Cookie: ***')
    expect(bytes).not.toContain('hunter2')
  })
})

test('a client that leaves a silent model is noticed, and the model is let go', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  const targets = simulatedTargets(`http://127.0.0.1:${port}`)
  await using house = await startHouse({ targets, runs: { resumeTimeout: 50 } })
  const request = get(`${house.url}/events?prompt=hello`, (response) => response.resume().on('error', () => {}))
  request.on('error', () => {})
  const [upstream] = (await once(silent, 'connection')) as [Socket]
  upstream.on('error', () => {})
  request.destroy()
  await new Promise((resolve) => upstream.resume().on('close', resolve))
  silent.close()
})

test('the last chunk is among the bytes also when it comes after the last word', async () => {
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', () => {
        const body =
          'data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
        socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n`)
        socket.write(`${body.length.toString(16)}\r\n${body}\r\n`, () => setImmediate(() => socket.end('0\r\n\r\n')))
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await using house = await startHouse({ targets: simulatedTargets(`http://127.0.0.1:${port}`) })
  await text(`${house.url}/events?prompt=hello&run=last`)
  const events = await text(`${house.url}/bytes?run=last`)
  const model = events.split('\n\n').filter((event) => event.includes('"leg":"model"'))
  const last = /"bytes":"([^"]*)"/.exec(model.at(-1) ?? '')?.[1] ?? ''
  expect(Buffer.from(last, 'base64').toString().endsWith('0\r\n\r\n')).toBe(true)
  server.close()
})

describe('runs', () => {
  test('whose answer is under way are never forgotten; those nobody asked go first', () => {
    const runs = createRuns({ kept: 3 })
    const live = runs.open('live')
    live.asked = true
    for (const name of ['a', 'b', 'c', 'd']) runs.open(name)
    expect(runs.open('live')).toBe(live)
  })

  test('are refused with 503 when all that are kept are under way', () => {
    const runs = createRuns({ kept: 2 })
    for (const name of ['a', 'b']) runs.open(name).asked = true
    expect(() => runs.open('c')).toThrow(expect.objectContaining({ status: 503 }))
    runs.open('a').answer.finish()
    expect(runs.open('c').name).toBe('c')
  })

  test('that nobody has asked cannot be listened to by an id', async () => {
    await using house = await startHouse()
    const watching = text(`${house.url}/bytes?run=v`)
    for (const method of ['GET', 'HEAD']) {
      const { status } = await fetch(`${house.url}/events`, { method, headers: { 'Last-Event-ID': 'v.1' } })
      expect(status).toBe(204)
    }
    expect(await text(`${house.url}/events?prompt=hello&run=v`)).toContain('"complete":true')
    await watching
  })

  test('that are named twice are told once', async () => {
    await using house = await startHouse()
    await text(`${house.url}/events?prompt=hello&run=t`)
    expect((await text(`${house.url}/bytes?run=t&run=t`)).match(/event: end/g)).toHaveLength(1)
  })

  test('keep their last words however long they were', () => {
    const log = createEventLog('a')
    log.append('x', 'y'.repeat(LOG_SIZE))
    log.conclude('end', {})
    log.finish()
    expect(log.isOver('a.1')).toBe(false)
    expect(log.isOver('a.2')).toBe(true)
    expect(log.isOver('a.99999')).toBe(true)
  })
})

describe('who may ask', () => {
  async function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
    await using house = await startHouse()
    const [response] = await once(get(`${house.url}${path}`, { headers }), 'response')
    response.destroy()
    return response.statusCode
  }

  test.each([
    ['/events?prompt=hi', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:3000' }, 403],
    ['/events?prompt=hi', { Origin: 'https://elsewhere.example' }, 403],
    ['/events?prompt=hi', { 'Sec-Fetch-Site': 'CROSS-SITE' }, 403],
    ['/events?prompt=hi', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }, 403],
    ['/', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }, 200],
    ['/events?prompt=hi', { 'Sec-Fetch-Site': 'same-origin' }, 200],
    ['/events?prompt=hi', { 'Sec-Fetch-Site': 'none' }, 200],
  ])('%s with %j is answered with %i', async (path, headers, status) => {
    expect(await statusOf(path, headers)).toBe(status)
  })
})
