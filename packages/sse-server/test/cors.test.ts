import { once } from 'node:events'
import { type CorsOptions, corsHeaders } from '@sse-from-scratch/sse-server'
import * as node from '@sse-from-scratch/sse-server/node'
import * as raw from '@sse-from-scratch/sse-server/raw'
import * as web from '@sse-from-scratch/sse-server/web'
import { describe, expect, test } from 'vitest'
import { nodeServer, type TestServer } from './servers.ts'

const APP = 'https://app.example'
const ELSEWHERE = 'https://app.example.evil.example'

describe('which origins are named in an answer (Fetch §3.2)', () => {
  test.each<[CorsOptions, string | undefined, Record<string, string>]>([
    [{ origins: '*' }, APP, { 'Access-Control-Allow-Origin': '*' }],
    [{ origins: '*' }, undefined, { 'Access-Control-Allow-Origin': '*' }],
    [{ origins: [APP] }, APP, { 'Access-Control-Allow-Origin': APP, Vary: 'Origin' }],
    [{ origins: [APP] }, undefined, { Vary: 'Origin' }],
    [{ origins: [APP] }, ELSEWHERE, { Vary: 'Origin' }],
    [{ origins: [APP] }, 'https://APP.example', { Vary: 'Origin' }],
    [{ origins: [APP] }, 'null', { Vary: 'Origin' }],
    [{ origins: [APP] }, `${APP}:8443`, { Vary: 'Origin' }],
    [{ origins: [] }, APP, { Vary: 'Origin' }],
    [{ origins: (origin) => origin.endsWith('.example') }, APP, { 'Access-Control-Allow-Origin': APP, Vary: 'Origin' }],
    [{ origins: () => false }, APP, { Vary: 'Origin' }],
    [
      { origins: [APP], credentials: true },
      APP,
      { 'Access-Control-Allow-Origin': APP, 'Access-Control-Allow-Credentials': 'true', Vary: 'Origin' },
    ],
    [{ origins: [APP], credentials: true }, ELSEWHERE, { Vary: 'Origin' }],
  ])('%j asked by %s: %j', (cors, origin, headers) => {
    expect(corsHeaders(origin, cors)).toEqual(headers)
  })

  test('a function that says anything but true has not said yes', () => {
    const origins = (() => 'no') as unknown as (origin: string) => boolean
    expect(corsHeaders(APP, { origins })).toEqual({ Vary: 'Origin' })
    expect(corsHeaders(APP, { origins: (async () => false) as unknown as () => boolean })).toEqual({ Vary: 'Origin' })
  })

  test('a function cannot let null read with credentials, nor an empty origin at all: anybody can send those', () => {
    const asked: string[] = []
    const origins = (origin: string) => asked.push(origin) > 0
    expect(corsHeaders('null', { origins, credentials: true })).toEqual({ Vary: 'Origin' })
    expect(corsHeaders('', { origins, credentials: true })).toEqual({ Vary: 'Origin' })
    expect(corsHeaders('', { origins })).toEqual({ Vary: 'Origin' })
    expect(asked).toEqual([])
    expect(corsHeaders('null', { origins })).toEqual({ 'Access-Control-Allow-Origin': 'null', Vary: 'Origin' })
  })

  test.each<CorsOptions>([
    { origins: '*', credentials: true },
    { origins: ['null'] },
    { origins: ['*'] },
    { origins: ['https://app.example/'] },
    { origins: ['https://App.example'] },
    { origins: ['app.example'] },
    { origins: 'https://app.example' as '*' },
    { origins: [APP], headers: ['X-A\r\nX-B'] },
    { origins: [APP], methods: ['GET, POST'] },
  ])('%j is refused: it would never match, or allow more than meant', (cors) => {
    expect(() => corsHeaders(APP, cors)).toThrow(TypeError)
  })

  test('maxAge is in whole seconds', () => {
    expect(() => corsHeaders(APP, { origins: [APP], maxAge: 0.5 })).toThrow(RangeError)
  })
})

/** A stream at /, the answer that stops at /stop, and preflights for both. */
type Listen = (cors: CorsOptions) => Promise<TestServer>

const listenRaw: Listen = async (cors) => {
  const server = await raw.serve(async (request, respond) => {
    if (await raw.answerPreflight(request, respond, cors)) return
    const headers = corsHeaders(request.fields.get('origin'), cors)
    if (request.target === '/stop') return raw.stopReconnecting(respond, { headers })
    const session = await raw.openSession(request, respond, { cors, headers: { vary: 'Accept-Language' } })
    await session.end()
  })
  const { port } = server.address
  return { port, url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const listenNode: Listen = (cors) =>
  nodeServer((req, res) => {
    res.setHeader('Vary', 'Accept-Language') // as a middleware does
    if (node.answerPreflight(req, res, cors)) return
    if (req.url === '/stop') return node.stopReconnecting(res, { headers: corsHeaders(req.headers.origin, cors) })
    void node.openSession(req, res, { cors }).end()
  })

const listenWeb: Listen = (cors) =>
  nodeServer(async (req, res) => {
    const init = { method: req.method ?? 'GET', headers: req.headers as Record<string, string> }
    const request = new Request(`http://test${req.url}`, init)
    const options = { cors, headers: { vary: 'Accept-Language' } }
    const stop = () => web.stopReconnecting({ headers: corsHeaders(request.headers.get('origin'), cors) })
    const response =
      web.answerPreflight(request, cors) ??
      (req.url === '/stop' ? stop() : web.eventStream(request, (session) => session.end(), options))
    res.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
    await once(res, 'close')
  })

describe.each([
  ['raw', listenRaw],
  ['node:http', listenNode],
  ['web', listenWeb],
])('%s', (_, listen) => {
  test('names a listed origin on a stream and on the 204, and no other; Vary keeps what was in it', async () => {
    await using server = await listen({ origins: [APP], credentials: true })
    for (const path of ['', 'stop']) {
      for (const origin of [APP, ELSEWHERE]) {
        const response = await fetch(server.url + path, { headers: { Origin: origin } })
        await response.text()
        const { headers } = response
        expect(response.status).toBe(path === '' ? 200 : 204)
        expect(headers.get('access-control-allow-origin')).toBe(origin === APP ? APP : null)
        expect(headers.get('access-control-allow-credentials')).toBe(origin === APP ? 'true' : null)
        expect(headers.get('vary')).toContain('Origin')
        if (path === '') expect(headers.get('vary')).toContain('Accept-Language')
      }
    }
  })

  test('answers a preflight from a listed origin with what scripts may do, and one from another with nothing', async () => {
    await using server = await listen({ origins: [APP] })
    const asking = {
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,last-event-id',
    }
    for (const origin of [APP, ELSEWHERE]) {
      const response = await fetch(server.url, { method: 'OPTIONS', headers: { Origin: origin, ...asking } })
      const field = (name: string) => response.headers.get(`access-control-${name}`)
      expect([response.status, await response.text()]).toEqual([204, ''])
      expect([field('allow-origin'), field('allow-methods'), field('allow-headers'), field('max-age')]).toEqual(
        origin === APP
          ? [APP, 'GET, HEAD, POST', 'Authorization, Cache-Control, Content-Type, Last-Event-ID', '600']
          : [null, null, null, null],
      )
      expect(response.headers.get('vary')).toContain('Origin')
    }
  })

  test('an OPTIONS request that is no preflight is not answered by us', async () => {
    await using server = await listen({ origins: [APP] })
    const response = await fetch(server.url, { method: 'OPTIONS', headers: { Origin: APP } })
    await response.text()
    expect(response.status).toBe(200) // the handler went on
  })
})
