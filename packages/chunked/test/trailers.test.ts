import { once } from 'node:events'
import { createServer, request as nodeRequest } from 'node:http'
import { request, serve, wantsTrailers } from '@sse-from-scratch/chunked'
import {
  Fields,
  type Handler,
  latin1,
  type RequestOptions,
  request as requestWithoutChunked,
} from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { request as undiciRequest } from 'undici'
import { describe, expect, test } from 'vitest'
import { bytes } from './read-body.ts'

function urlOf({ address }: Listener): string {
  return `http://127.0.0.1:${address.port}/`
}

/** A body that ends with its number of bytes, for who says that they will look. */
const answer: Handler = async (incoming, respond) => {
  const wanted = wantsTrailers(incoming)
  const body = await respond(200, wanted ? { Trailer: 'Size' } : {})
  await body.write(bytes('hello'))
  await body.end(wanted ? { Size: '5' } : undefined)
}

describe('TE: trailers (RFC 9110 §10.1.4)', () => {
  test.each([
    [[['TE', 'trailers']], true],
    [[['te', ' Trailers ']], true],
    [[['TE', 'deflate;q=0.5, trailers']], true],
    [
      [
        ['TE', 'gzip'],
        ['TE', 'trailers'],
      ],
      true,
    ],
    [[], false],
    [[['TE', '']], false],
    [[['TE', 'gzip']], false],
    [[['TE', 'trailersandmore']], false],
    [[['Trailer', 'trailers']], false],
  ] as const)('%j: %s', (lines, wanted) => {
    expect(wantsTrailers({ fields: new Fields(lines) })).toBe(wanted)
  })

  test('is announced with TE in Connection, as whoever sends it must', async () => {
    await using server = await serve(async ({ fields }, respond) => {
      await respond(200, {}, JSON.stringify([fields.get('te'), fields.list('connection')]))
    })
    const ask = async (fields: Readonly<Record<string, string>>) => {
      await using response = await request(urlOf(server), { fields })
      return JSON.parse(await response.body.text())
    }
    expect(await ask({ TE: 'trailers' })).toEqual(['trailers', ['close', 'te']])
    expect(await ask({ TE: 'trailers', Connection: 'keep-alive' })).toEqual(['trailers', ['te', 'keep-alive']])
    expect(await ask({ TE: 'trailers', Connection: 'close, te' })).toEqual(['trailers', ['close', 'te']])
    expect(await ask({})).toEqual([null, ['close']])
  })

  test('reaches node:http as ours, with its Connection option', async () => {
    const server = createServer(({ headers }, response) => {
      response.writeHead(200, { Trailer: 'Size' })
      response.write('hello')
      response.addTrailers({ Size: `${headers['te']} ${headers.connection}` })
      response.end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as { port: number }
    await using response = await request(`http://127.0.0.1:${port}/`, { fields: { TE: 'trailers' } })
    expect(response.fields.get('trailer')).toBe('Size')
    expect(await response.body.text()).toBe('hello')
    expect(response.body.trailers.get('size')).toBe('trailers close, TE')
    server.close()
  })
})

describe('trailers that we send, to who wants them', () => {
  test('are read by our client, and only once the body has ended', async () => {
    await using server = await serve(answer)
    await using response = await request(urlOf(server), { fields: { TE: 'trailers' } })
    expect(response.fields.get('trailer')).toBe('Size')
    expect(String(response.body.trailers)).toBe('')
    expect(await response.body.text()).toBe('hello')
    expect(response.body.trailers.get('size')).toBe('5')
  })

  test('are read by node:http', async () => {
    await using server = await serve(answer)
    const [response] = await once(nodeRequest(urlOf(server), { headers: { TE: 'trailers' } }).end(), 'response')
    response.resume()
    await once(response, 'end')
    expect([response.headers.trailer, response.trailers]).toEqual(['Size', { size: '5' }])
  })

  test('are read by undici', async () => {
    await using server = await serve(answer)
    const response = await undiciRequest(urlOf(server), { headers: { te: 'trailers' } })
    expect(await response.body.text()).toBe('hello')
    expect([response.headers['trailer'], response.trailers]).toEqual(['Size', { size: '5' }])
  })

  test('are not sent to who has not asked', async () => {
    await using server = await serve(answer)
    await using response = await request(urlOf(server))
    expect(response.fields.has('trailer')).toBe(false)
    expect(await response.body.text()).toBe('hello')
    expect(String(response.body.trailers)).toBe('')
  })

  test('are dropped where there is no place for them: HTTP/1.0 and Content-Length', async () => {
    await using server = await serve(async ({ version }, respond) => {
      const body = await respond(200, version === '1.1' ? { 'Content-Length': '5' } : {})
      await body.write(bytes('hello'))
      await body.end({ Size: '5' })
    })
    for (const ask of [request, requestWithoutChunked]) {
      await using response = await ask(urlOf(server))
      expect(await response.body.text()).toBe('hello')
      expect(String(response.body.trailers)).toBe('')
    }
  })

  test('a trailer that RFC 9110 §6.5.1 forbids is a TypeError, and the body can still be ended', async () => {
    let refusal: unknown
    await using server = await serve(async (_, respond) => {
      const body = await respond(200)
      refusal = await body.end({ 'Content-Length': '5' }).catch((error: unknown) => error)
      await body.end({ Size: '0' })
    })
    await using response = await request(urlOf(server))
    expect(await response.body.text()).toBe('')
    expect(refusal).toBeInstanceOf(TypeError)
    expect(response.body.trailers.get('size')).toBe('0')
  })
})

/** What a server of ours and one of Node's have read of a request: its body, the trailers it announced, and those it sent. */
async function* judges(): AsyncGenerator<{ readonly name: string; readonly url: string; read(): Promise<unknown> }> {
  const told: unknown[] = []
  await using server = await serve(async ({ fields, body }, respond) => {
    const text = await body.text()
    told.push([text, fields.get('trailer'), body.trailers.get('sum')])
    await respond(204)
  })
  yield { name: 'ours', url: urlOf(server), read: async () => told.pop() }
  const node = createServer(async (incoming, response) => {
    let text = ''
    for await (const piece of incoming.setEncoding('utf8')) text += piece
    told.push([text, incoming.headers['trailer'], incoming.trailers['sum']])
    response.writeHead(204).end()
  })
  await once(node.listen(0, '127.0.0.1'), 'listening')
  const { port } = node.address() as { port: number }
  yield { name: 'node:http', url: `http://127.0.0.1:${port}/`, read: async () => told.pop() }
  node.close()
}

describe('trailers of a request', () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes('hel')
    yield bytes('lo')
  }

  test('are read by our server and by node:http, behind a body in pieces, a whole one and none', async () => {
    for await (const { url, read } of judges()) {
      const ask = async (options: RequestOptions) => {
        await using response = await request(url, { method: 'POST', ...options })
        expect(response.status).toBe(204)
        return read()
      }
      expect(await ask({ body: pieces(), trailers: { Sum: '5' } })).toEqual(['hello', undefined, '5'])
      expect(await ask({ body: 'hello', trailers: { Sum: '5' } })).toEqual(['hello', undefined, '5'])
      expect(await ask({ trailers: { Sum: '0' }, fields: { Trailer: 'Sum' } })).toEqual(['', 'Sum', '0'])
    }
  })

  test('can be told when the body is over', async () => {
    for await (const { url, read } of judges()) {
      let size = 0
      const counted = (async function* () {
        for await (const piece of pieces()) {
          size += piece.length
          yield piece
        }
      })()
      await using response = await request(url, {
        method: 'POST',
        body: counted,
        trailers: async () => ({ Sum: `${size}` }),
      })
      expect([response.status, await read()]).toEqual([204, ['hello', undefined, '5']])
    }
  })

  test.each([
    ['under a Content-Length', { fields: { 'Content-Length': '5' }, trailers: { Sum: '5' } }],
    ['that are forbidden (RFC 9110 §6.5.1)', { trailers: { 'Content-Length': '5' } }],
    ['with a line break', { trailers: { Sum: '5\r\nHost: b' } }],
  ])('%s are a TypeError before anything is sent', async (_what, options) => {
    const dial = () => Promise.reject(new Error('dialled'))
    const asked = request('http://a/', { method: 'POST', body: 'hello', dial, ...options })
    await expect(asked).rejects.toBeInstanceOf(TypeError)
  })

  test('without a transfer coding are a TypeError before anything is sent', async () => {
    const dial = () => Promise.reject(new Error('dialled'))
    await expect(requestWithoutChunked('http://a/', { dial, trailers: { Sum: '5' } })).rejects.toBeInstanceOf(TypeError)
  })

  test.each([
    ['there are none', () => Promise.reject(new TypeError('no sum'))],
    ['they are forbidden', () => ({ Host: 'b' })],
  ])('cut the request, which must not look whole, if %s when they are asked for', async (_what, trailers) => {
    const [client, server] = memoryPair()
    const asked = request('http://a/', { method: 'POST', body: pieces(), trailers, dial: async () => client })
    await expect(asked).rejects.toBeInstanceOf(TypeError)
    let received = ''
    const readAll = async () => {
      for await (const part of server) received += latin1(part)
    }
    await expect(readAll()).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(received).toMatch(/\r\n2\r\nlo\r\n$/)
  })
})

test.each([
  ['given at once', { 'X-Api-Key': 'hunter2', Sum: '5' }],
  ['made at the end', () => ({ 'X-Api-Key': 'hunter2', Sum: '5' })],
])(
  'credentials in trailers that are %s stay with their origin when the request is sent on',
  async (_what, trailers) => {
    const told: string[] = []
    await using other = await serve(async (incoming, respond) => {
      await incoming.body.text()
      told.push(`${incoming.body.trailers}`)
      await respond(200, {}, '')
    })
    await using server = await serve(async (incoming, respond) => {
      await incoming.body.text()
      told.push(`${incoming.body.trailers}`)
      await respond(307, { Location: urlOf(other) }, '')
    })
    await using response = await request(urlOf(server), { method: 'POST', body: 'hello', trailers, redirects: 1 })
    await response.body.text()
    expect(told).toEqual(['X-Api-Key: hunter2\r\nSum: 5\r\n', 'Sum: 5\r\n'])
  },
)

describeWith(['curl'], 'curl', ([curl]) => {
  test('shows our trailers behind the last chunk', async () => {
    await using server = await serve(answer)
    const { stdout } = await run(curl?.path ?? 'curl', ['-sS', '--raw', '-H', 'TE: trailers', urlOf(server)])
    expect(stdout).toBe('5\r\nhello\r\n0\r\nSize: 5\r\n\r\n')
  })
})
