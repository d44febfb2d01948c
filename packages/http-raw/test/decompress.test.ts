import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
} from 'node:zlib'
import { createPool, type RequestOptions, request, serve } from '@sse-from-scratch/http-raw'
import { everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describeWith, startNginx } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { bytes, origin, readUntil, toyChunked } from './support.ts'

const transferCodings = [toyChunked]
const TEXT = 'data: héllo\n\n'
const codings: [name: string, compress: (content: Uint8Array) => Uint8Array][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
]

const join = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)

/** The body of a response that arrives in these reads. */
async function read(coding: string, reads: readonly Uint8Array[], options: RequestOptions = {}): Promise<string> {
  const [client, server] = memoryPair({ capacity: Number.POSITIVE_INFINITY })
  const asked = request('http://a/', { dial: async () => client, transferCodings, decompress: true, ...options })
  await readUntil(server, '\r\n\r\n')
  const length = reads.reduce((sum, part) => sum + part.length, 0)
  await server.write(bytes(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${length}\r\n\r\n`))
  for (const part of reads) await server.write(part)
  return (await asked).body.text()
}

describe('a compressed body', () => {
  test.each(codings)('in %s is decoded, wherever it is cut', async (coding, compress) => {
    for (const reads of everySplit(compress(Buffer.from(TEXT)))) expect(await read(coding, reads)).toBe(TEXT)
  })

  test.each([
    ['gzip, br', join(brotliCompressSync(gzipSync(TEXT)))],
    ['identity', Buffer.from(TEXT)],
    ['identity, , gzip', gzipSync(TEXT)],
    ['gzip', join(gzipSync('data: hé'), gzipSync('llo\n\n'))], // RFC 1952 §2.2: members, one after the other
    ['deflate', deflateSync(TEXT, { level: 0 })],
    ['deflate', deflateRawSync(TEXT, { level: 0 })],
  ])('under %s comes out as it was', async (coding, body) => {
    expect(await read(coding, [body])).toBe(TEXT)
  })

  test.each(['gzip', 'deflate', 'br', 'zstd'])('under %s may be empty', async (coding) => {
    expect(await read(coding, [])).toBe('')
  })

  test.each(codings)('in %s that stops short is an error, wherever it stops', async (coding, compress) => {
    const body = compress(Buffer.from(TEXT))
    for (let size = 1; size < body.length; size++) {
      await expect(read(coding, [body.subarray(0, size)])).rejects.toMatchObject({ code: 'HTTP_INCOMPLETE' })
    }
  })

  test.each(codings)('in %s with something behind its end is an error', async (coding, compress) => {
    for (const junk of ['junk', '\0\0\0\0']) {
      const parts = [compress(Buffer.from(TEXT)), bytes(junk)]
      await expect(read(coding, parts)).rejects.toMatchObject({ code: 'HTTP_BAD_CODING' })
      await expect(read(coding, [join(...parts)])).rejects.toMatchObject({ code: 'HTTP_BAD_CODING' })
    }
  })

  test.each<[string, string, Uint8Array]>([
    ['gzip', 'HTTP_BAD_CODING', Buffer.from('this is not it')],
    ['gzip', 'HTTP_BAD_CODING', deflateSync(TEXT)],
    ['deflate', 'HTTP_BAD_CODING', Buffer.from([0x78, 0x9d, 1, 2, 3])],
    ['br', 'HTTP_BAD_CODING', Buffer.alloc(20, 0xff)],
    ['gzip', 'HTTP_BAD_CODING', join(gzipSync(TEXT).subarray(0, -8), Buffer.alloc(8))], // a wrong checksum
    ['zstd', 'HTTP_UNKNOWN_CODING', Buffer.from('x')],
    ['zstd, gzip', 'HTTP_UNKNOWN_CODING', gzipSync('x')],
    ['gzip, gzip, gzip', 'HTTP_UNKNOWN_CODING', gzipSync(gzipSync(gzipSync('x')))], // one more than contentCodings
  ])('under %s is %s if it is something else', async (coding, code, body) => {
    await expect(read(coding, [body])).rejects.toMatchObject({ code })
  })

  test.each([
    ['gzip', (options: object) => createGzip(options), constants.Z_SYNC_FLUSH],
    ['deflate', (options: object) => createDeflate(options), constants.Z_SYNC_FLUSH],
    ['br', (options: object) => createBrotliCompress(options), constants.BROTLI_OPERATION_FLUSH],
  ] as const)(
    'in %s gives each event when its bytes have arrived, and not at the end',
    async (coding, create, flush) => {
      await using server = await serve(
        async (req, respond) => {
          const body = await respond(200, { 'Content-Type': 'text/event-stream', 'Content-Encoding': coding })
          const encoder = create({ flush })
          for await (const part of req.body) {
            encoder.write(part)
            const [first] = (await once(encoder, 'data')) as [Uint8Array]
            await body.write(first)
          }
          encoder.end()
          for await (const rest of encoder) await body.write(rest as Uint8Array)
          await body.end()
        },
        { transferCodings },
      )
      const events = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n']
      let next = () => {}
      const upload = (async function* () {
        for (const event of events) {
          yield bytes(event)
          await new Promise<void>((resolve) => {
            next = resolve
          })
        }
      })()
      const response = await request(origin(server), {
        method: 'POST',
        body: upload,
        transferCodings,
        decompress: true,
      })
      const seen: string[] = []
      for await (const piece of response.body) {
        seen.push(Buffer.from(piece).toString())
        next() // only now does the server get to write another
      }
      expect(seen).toEqual(events)
    },
  )

  test('leaves the fields as they were sent, and the trailers where they are', async () => {
    await using server = await serve(
      async (_request, respond) => {
        const body = await respond(200, { 'Content-Encoding': 'gzip' })
        await body.write(gzipSync(TEXT))
        await body.end()
      },
      { transferCodings },
    )
    const response = await request(origin(server), { transferCodings, decompress: true })
    expect(response.fields.get('content-encoding')).toBe('gzip')
    expect(await response.body.text()).toBe(TEXT)
    expect([...response.body.trailers]).toEqual([])
  })

  test('once broken stays broken, and its connection is closed', async () => {
    const [client, server] = memoryPair()
    const asked = request('http://a/', { dial: async () => client, transferCodings, decompress: true })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\njunk'))
    const { body } = await asked
    for (let i = 0; i < 2; i++) await expect(body.text()).rejects.toMatchObject({ code: 'HTTP_BAD_CODING' })
    expect(server.signal.aborted).toBe(true)
  })

  test('left before its end is not an end the second time, and its connection is closed', async () => {
    const [client, server] = memoryPair()
    const asked = request('http://a/', { dial: async () => client, transferCodings, decompress: true })
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n'))
    await server.write(gzipSync(TEXT))
    const { body } = await asked
    for await (const _piece of body) break
    expect(server.signal.aborted).toBe(true)
    await expect(body.text()).rejects.toThrow(TypeError)
  })

  test('stops when its signal aborts', async () => {
    const [client, server] = memoryPair()
    const given = new AbortController()
    const options = { dial: async () => client, transferCodings, decompress: true, signal: given.signal }
    const asked = request('http://a/', options)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 9999\r\n\r\n'))
    const text = (await asked).body.text()
    const reason = new Error('enough')
    given.abort(reason)
    await expect(text).rejects.toBe(reason)
  })
})

describe('a body that is small on the wire and large behind it', () => {
  const bomb = gzipSync(new Uint8Array(64 * 2 ** 20))

  test('is refused at bodySize, and at collectedSize when it is to be kept', async () => {
    for (const limits of [{ bodySize: 100_000 }, { collectedSize: 100_000 }]) {
      await expect(read('gzip', [bomb], { limits })).rejects.toMatchObject({
        code: 'HTTP_BODY_TOO_LARGE',
        message: expect.stringContaining('100000 bytes'),
      })
    }
  })

  test('comes out in small pieces, and only as fast as they are taken', async () => {
    const [client, server] = memoryPair({ capacity: Number.POSITIVE_INFINITY })
    const asked = request('http://a/', { dial: async () => client, transferCodings, decompress: true })
    await readUntil(server, '\r\n\r\n')
    await server.write(
      bytes(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`),
      bomb,
    )
    let largest = 0
    let pieces = 0
    for await (const piece of (await asked).body) {
      largest = Math.max(largest, piece.length)
      if (++pieces === 100) break
    }
    expect(largest).toBeLessThanOrEqual(64 * 1024)
  })
})

describe('a request with decompress', () => {
  async function acceptEncoding(options: RequestOptions): Promise<string | undefined> {
    await using server = await serve(async (req, respond) => {
      await respond(200, {}, req.fields.get('accept-encoding') ?? 'none')
    })
    return (await request(origin(server), options)).body.text()
  }

  test.each<[string, RequestOptions, string]>([
    ['says what it can read', { decompress: true }, 'gzip, deflate, br'],
    ['says what the caller says', { decompress: true, fields: { 'Accept-Encoding': 'br' } }, 'br'],
    ['asks for a part as it is (Fetch §4.6)', { decompress: true, fields: { Range: 'bytes=5-' } }, 'identity'],
    ['false says nothing', {}, 'none'],
  ])('%s', async (_what, options, said) => {
    expect(await acceptEncoding(options)).toBe(said)
  })

  test('false gives the bytes as they are', async () => {
    const body = gzipSync('x')
    await using server = await serve(async (_request, respond) => {
      await respond(200, { 'Content-Encoding': 'gzip' }, body)
    })
    expect(Buffer.compare(await (await request(origin(server))).body.bytes(), body)).toBe(0)
  })

  test('true has no quarrel with an answer to HEAD, whatever its coding', async () => {
    await using server = await serve(async (_request, respond) => {
      await respond(200, { 'Content-Encoding': 'zstd' }, 'x')
    })
    expect(await (await request(origin(server), { method: 'HEAD', decompress: true })).body.text()).toBe('')
  })

  test('true gives the connection back to a pool, and follows redirects', async () => {
    const connections = new Set()
    await using server = await serve(
      async (req, respond) => {
        connections.add(req.connection)
        if (req.target === '/')
          return void (await respond(302, { Location: '/to', 'Content-Encoding': 'gzip' }, gzipSync('x')))
        await respond(200, { 'Content-Encoding': 'gzip' }, gzipSync(req.fields.get('accept-encoding') ?? ''))
      },
      { transferCodings },
    )
    await using pool = createPool()
    for (let i = 0; i < 2; i++) {
      const response = await request(origin(server), { pool, decompress: true, redirects: 1, transferCodings })
      expect(await response.body.text()).toBe('gzip, deflate, br')
    }
    expect(connections.size).toBe(1)
  })
})

/** Runs `use` against a server of node:http. */
async function withNode(listener: RequestListener, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describeWith(['nginx'], 'nginx', () => {
  const long = 'data: something to compress\n\n'.repeat(2000)

  test('compresses on the fly what we decode, over a kept connection', async () => {
    await withNode(
      (_request, res) => {
        res.setHeader('Content-Type', 'text/event-stream')
        res.end(long)
      },
      async (upstream) => {
        await using nginx = await startNginx({ upstream, http: 'gzip on; gzip_types text/event-stream;' })
        await using pool = createPool()
        for (let i = 0; i < 3; i++) {
          const response = await request(nginx.url, { pool, decompress: true, transferCodings })
          expect(response.fields.get('content-encoding')).toBe('gzip')
          expect(await response.body.text()).toBe(long)
          expect([pool.open, pool.idle]).toEqual([1, 1])
        }
      },
    )
  })

  test('closes kept connections after keepalive_requests and keepalive_timeout, and nothing is lost', async () => {
    await withNode(
      (_request, res) => res.end('ok'),
      async (upstream) => {
        await using nginx = await startNginx({ upstream, http: 'keepalive_requests 3; keepalive_timeout 20ms;' })
        await using pool = createPool()
        for (let i = 0; i < 30; i++) {
          if (i % 7 === 0) while (pool.idle > 0) await new Promise(setImmediate)
          expect(await (await request(nginx.url, { pool, transferCodings })).body.text()).toBe('ok')
        }
      },
    )
  })
})
