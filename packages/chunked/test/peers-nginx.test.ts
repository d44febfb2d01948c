import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { request, serve } from '@sse-from-scratch/chunked'
import type { Handler, RequestOptions } from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { describeWith, type Nginx, startNginx } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes } from './read-body.ts'

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** The same bytes in pieces of very different sizes. */
function* inPieces(whole: Uint8Array): Generator<Uint8Array> {
  const sizes = [1, 2, 15, 16, 17, 255, 256, 4095, 65_536, 65_537]
  for (let at = 0, i = 0; at < whole.length; i++) {
    const piece = whole.subarray(at, at + (sizes[i % sizes.length] as number))
    yield piece
    at += piece.length
  }
}

async function* streamed(whole: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* inPieces(whole)
}

describeWith(['nginx'], 'nginx', () => {
  const large = randomBytes(2 * 1024 * 1024)
  let server: Listener
  let nginx: Nginx
  let folder: string
  let handler: Handler
  const connections = new Set<unknown>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chunked-static-'))
    await writeFile(join(folder, 'words.txt'), 'many words, '.repeat(20_000))
    server = await serve((req, respond) => {
      connections.add(req.connection)
      return handler(req, respond)
    })
    const { port } = server.address
    const kept = `proxy_pass http://kept; proxy_http_version 1.1; proxy_set_header Connection "";`
    nginx = await startNginx({
      upstream: port,
      http: `upstream kept { server 127.0.0.1:${port}; keepalive 1; }`,
      server: `
        client_max_body_size 16m;
        location /kept/ { ${kept} }
        location /streamed/ { ${kept} proxy_buffering off; proxy_request_buffering off; }
        location /zipped/ { alias ${folder}/; gzip on; gzip_types text/plain; }
        location /replaced/ { alias ${folder}/; sub_filter many few; sub_filter_types text/plain; sub_filter_once off; }`,
    })
  })
  afterAll(async () => {
    await nginx.close()
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  /** Through nginx to `use`: our server is its upstream, our client its client. */
  function through(use: Handler, path: string, options: RequestOptions = {}): ReturnType<typeof request> {
    handler = use
    return request(nginx.url + path, options)
  }

  const streamLarge: Handler = async (_req, respond) => {
    const body = await respond(200, { 'Content-Type': 'application/octet-stream' })
    for (const piece of inPieces(large)) await body.write(piece)
    await body.end({ Sha: sha256(large) })
  }

  describe('as the client of our server', () => {
    test.each(['/kept/', '/streamed/'])('reads our chunks at %s, and passes them on in its own', async (path) => {
      const response = await through(streamLarge, path)
      expect(response.fields.get('transfer-encoding')).toBe('chunked')
      expect(sha256(await response.body.bytes())).toBe(sha256(large))
    })

    test('reads our chunks for a client of HTTP/1.0, who gets them without', async () => {
      const ask: RequestOptions = { transferCodings: [], fields: { Connection: 'close' } }
      const response = await through(streamLarge, '/kept/', ask)
      expect(sha256(await response.body.bytes())).toBe(sha256(large))
    })

    test('asks in HTTP/1.0, and we then do without chunks (RFC 9112 §6.1)', async () => {
      let version = ''
      const response = await through((req, respond) => {
        version = req.version
        return streamLarge(req, respond)
      }, '/')
      expect([version, sha256(await response.body.bytes())]).toEqual(['1.0', sha256(large)])
    })

    test('keeps the connection after each chunked answer and each chunked request', async () => {
      connections.clear()
      const echo: Handler = async (req, respond) => {
        const body = await respond(200)
        for await (const part of req.body) await body.write(part)
        await body.end()
      }
      for (let i = 0; i < 10; i++) {
        const body = streamed(large.subarray(0, i * 10_000))
        const response = await through(echo, '/streamed/', { method: 'POST', body })
        expect((await response.body.bytes()).length).toBe(i * 10_000)
      }
      expect(connections.size).toBe(1)
    })

    test('passes the chunks of a request on in chunks, or as a length when it has collected them', async () => {
      const framing: Handler = async ({ fields, body }, respond) => {
        const how = fields.get('transfer-encoding') ?? fields.get('content-length')
        await respond(200, {}, `${how} ${sha256(await body.bytes())}`)
      }
      for (const [path, how] of [
        ['/streamed/', 'chunked'],
        ['/kept/', String(large.length)],
        ['/', String(large.length)],
      ] as const) {
        const response = await through(framing, path, { method: 'POST', body: streamed(large) })
        expect(await response.body.text(), path).toBe(`${how} ${sha256(large)}`)
      }
    })

    test('a chunked body that we cut is cut behind nginx as well, and never a short success', async () => {
      let cut = () => {}
      const seen = new Promise<void>((resolve) => {
        cut = resolve
      })
      const response = await through(async (_req, respond) => {
        const body = await respond(200)
        await body.write(bytes('half'))
        await seen
        throw new Error('boom')
      }, '/streamed/')
      const reading = (async () => {
        for await (const _ of response.body) cut()
      })()
      await expect(reading).rejects.toMatchObject({ code: 'CHUNKED_INCOMPLETE' })
    })

    test('a chunked request that our client cuts is never a whole one behind nginx', async () => {
      let outcome: (result: unknown) => void = () => {}
      const read = new Promise((resolve) => {
        outcome = resolve
      })
      const stop = new AbortController()
      const reason = new Error('changed my mind')
      const half = (async function* () {
        yield bytes('half')
        await new Promise(() => {}) // the other half never comes
      })()
      const asking = through(
        async ({ body }, respond) => {
          try {
            for await (const _ of body) stop.abort(reason)
            outcome('whole')
          } catch (error) {
            outcome((error as { code: string }).code)
          }
          await respond(200)
        },
        '/streamed/',
        { method: 'POST', body: half, signal: stop.signal },
      )
      await expect(asking).rejects.toBe(reason)
      expect(['CHUNKED_INCOMPLETE', 'TCP_RESET']).toContain(await read)
    })

    test('each event of a stream is there before the next is made', async () => {
      let next = () => {}
      const response = await through(async (_req, respond) => {
        const body = await respond(200, { 'Content-Type': 'text/event-stream' })
        for (let i = 0; i < 5; i++) {
          const seen = new Promise<void>((resolve) => {
            next = resolve
          })
          await body.write(bytes(`data: ${i}\n\n`))
          await seen
        }
        await body.end()
      }, '/streamed/')
      const events: string[] = []
      for await (const part of response.body) {
        events.push(new TextDecoder().decode(part))
        next()
      }
      expect(events).toEqual([0, 1, 2, 3, 4].map((i) => `data: ${i}\n\n`))
    })
  })

  describe('as the server of our client', () => {
    test.each([
      ['/zipped/words.txt', 'gzip'],
      ['/replaced/words.txt', undefined],
    ])('%s comes in chunks, because nginx changes it on its way', async (path, coding) => {
      const response = await request(nginx.url + path, { fields: { 'Accept-Encoding': coding ?? 'identity' } })
      const { fields } = response
      expect([fields.get('transfer-encoding'), fields.get('content-encoding')]).toEqual(['chunked', coding])
      const body = await response.body.bytes()
      const text = new TextDecoder().decode(coding === 'gzip' ? gunzipSync(body) : body)
      expect(text).toBe(`${coding === 'gzip' ? 'many' : 'few'} words, `.repeat(20_000))
    })

    test('a HEAD for such an answer has no chunk (RFC 9112 §6.3)', async () => {
      const response = await request(`${nginx.url}/replaced/words.txt`, { method: 'HEAD' })
      expect([response.status, (await response.body.bytes()).length]).toEqual([200, 0])
    })
  })
})
