import { Agent as NodeAgent, request as nodeRequest } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Handler, serve } from '@sse-from-scratch/http-raw'
import { Client } from 'undici'
import { expect, test } from 'vitest'
import { bytes, origin, toyChunked } from './support.ts'

const options = { transferCodings: [toyChunked] }

/** Resolves when `release` has been called: what waits for it decides the order, and no clock. */
function gate(): { readonly open: Promise<void>; readonly release: () => void } {
  let release = () => {}
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  return { open, release }
}

test('what undici pipelines is answered in the order it was asked (RFC 9112 §9.3.2)', async () => {
  const connections = new Set<unknown>()
  const handler: Handler = async (req, respond) => {
    connections.add(req.connection)
    const body = await respond(200, req.target.endsWith('0') ? {} : { 'Content-Length': String(req.target.length) })
    for (const byte of bytes(req.target)) await body.write(Uint8Array.of(byte))
    await body.end()
  }
  await using server = await serve(handler, options)
  const client = new Client(origin(server), { pipelining: 20 })
  const paths = Array.from({ length: 60 }, (_, i) => `/${i}`)
  const answers = await Promise.all(
    paths.map(async (path) => (await client.request({ path, method: 'GET' })).body.text()),
  )
  expect([answers, connections.size]).toEqual([paths, 1])
  await client.close()
})

test('a request that undici has pipelined behind a slow one is answered after it', async () => {
  const slow = gate()
  const order: string[] = []
  await using server = await serve(async ({ target }, respond) => {
    if (target === '/slow') await slow.open
    await respond(200, {}, target)
  }, options)
  const client = new Client(origin(server), { pipelining: 2 })
  const ask = async (path: string) => {
    const { body } = await client.request({ path, method: 'GET' })
    order.push(await body.text())
  }
  const both = [ask('/slow'), ask('/fast')]
  slow.release()
  await Promise.all(both)
  expect(order).toEqual(['/slow', '/fast'])
  await client.close()
})

test('node:http is asked for its body when we read it, and told no when we do not (RFC 9110 §10.1.1)', async () => {
  const handler: Handler = async (req, respond) => {
    if (req.target === '/no') await respond(403, {}, 'no')
    else await respond(200, {}, await req.body.text())
  }
  await using server = await serve(handler, options)
  let continued = 0
  const put = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { Expect: '100-continue', 'Content-Length': 5 }
      const asked = nodeRequest(origin(server) + path, { method: 'PUT', headers })
      asked.on('error', reject)
      asked.on('continue', () => {
        continued++
        asked.end('hello')
      })
      asked.on('response', async (response) => {
        resolve(`${response.statusCode} ${await text(response)}`)
        asked.destroy()
      })
      asked.flushHeaders()
    })
  expect([await put('/yes'), await put('/no')]).toEqual(['200 hello', '403 no'])
  expect(continued).toBe(1)
})

test('node:http keeps its connection after bodies that nobody has read (drainSize)', async () => {
  const connections = new Set<unknown>()
  await using server = await serve(async (req, respond) => {
    connections.add(req.connection)
    await respond(200, {}, 'unread')
  }, options)
  const agent = new NodeAgent({ keepAlive: true, maxSockets: 1 })
  const post = (size: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const asked = nodeRequest(origin(server), { agent, method: 'POST' })
      asked.on('error', reject)
      asked.on('response', (response) => text(response).then(resolve, reject))
      asked.end(new Uint8Array(size))
    })
  for (const size of [10, 1000, 100_000, 10]) expect(await post(size)).toBe('unread')
  expect(connections.size).toBe(1)
  expect(await post(1_000_000)).toBe('unread') // past drainSize: answered all the same, and then we close
  agent.destroy()
})

test('undici that gives up in the middle of our answer is noticed, and the next request is served', async () => {
  const noticed = gate()
  await using server = await serve(async (req, respond) => {
    if (req.target === '/next') return void (await respond(200, {}, 'next'))
    req.signal.addEventListener('abort', noticed.release, { once: true })
    const body = await respond(200)
    while (!req.signal.aborted) await body.write(new Uint8Array(10_000))
  }, options)
  const client = new Client(origin(server))
  const stop = new AbortController()
  const { body } = await client.request({ path: '/', method: 'GET', signal: stop.signal })
  const reading = (async () => {
    for await (const _ of body) stop.abort()
  })()
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  await noticed.open
  expect(await (await client.request({ path: '/next', method: 'GET' })).body.text()).toBe('next')
  await client.close()
})

test('undici that gives up in the middle of its own body does not leave us with a whole one', async () => {
  let outcome: (code: unknown) => void = () => {}
  const read = new Promise((resolve) => {
    outcome = resolve
  })
  const half = new Readable({ read() {} })
  half.push('half')
  const stop = new AbortController()
  await using server = await serve(async ({ body }, respond) => {
    try {
      for await (const _ of body) stop.abort() // the other half never comes
      outcome('whole')
    } catch (error) {
      outcome((error as { code: string }).code)
    }
    await respond(200)
  }, options)
  const client = new Client(origin(server))
  const sending = client.request({
    path: '/',
    method: 'POST',
    headers: { 'Content-Length': '8' },
    body: half,
    signal: stop.signal,
  })
  await expect(sending).rejects.toMatchObject({ name: 'AbortError' })
  expect(['HTTP_INCOMPLETE', 'TCP_RESET']).toContain(await read)
  await client.destroy()
})
