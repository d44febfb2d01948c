import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createPool,
  createResponseDecoder,
  type Handler,
  type HttpOptions,
  type IncomingRequest,
  latin1,
  type RequestOptions,
  request,
  serve,
} from '@sse-from-scratch/http-raw'
import { connect, type Listener } from '@sse-from-scratch/tcp-echo'
import { describeWith, type Nginx, startNginx } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes, toyChunked } from './support.ts'

const MIB = 1024 * 1024

/** This floor alone speaks HTTP/1.0, with a coding plugged in 1.1: nginx meets both. */
const floors: [string, HttpOptions][] = [
  ['1.0', {}],
  ['1.1', { transferCodings: [toyChunked] }],
]

/** Resolves when the function that comes with it is called. */
function signalled(): { readonly told: Promise<void>; readonly tell: () => void } {
  let tell = () => {}
  const told = new Promise<void>((resolve) => {
    tell = resolve
  })
  return { told, tell }
}

function sha256(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

describeWith(['nginx'], 'nginx as our client', () => {
  describe.each(floors)('with our server at HTTP/%s', (version, options) => {
    let server: Listener
    let nginx: Nginx
    let handler: Handler
    const connections = new Set<unknown>()

    beforeAll(async () => {
      server = await serve(
        (req, respond) => {
          connections.add(req.connection)
          return handler(req, respond)
        },
        { ...options, onError: () => {} },
      )
      const { port } = server.address
      nginx = await startNginx({
        upstream: port,
        http: `upstream kept { server 127.0.0.1:${port}; keepalive 1; }`,
        server: `
          client_max_body_size 16m;
          location /kept/ {
            proxy_pass http://kept;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
          }
          location /streamed/ {
            proxy_pass http://kept;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
            proxy_request_buffering off;
          }`,
      })
    })
    afterAll(async () => {
      await nginx.close()
      await server[Symbol.asyncDispose]()
    })

    /** Through nginx to `use`. The client of nginx is ours, and has a connection of its own to nginx. */
    async function through(
      use: Handler,
      path: string,
      requestOptions: RequestOptions = {},
    ): Promise<{
      readonly status: number
      readonly text: string
      readonly response: Awaited<ReturnType<typeof request>>
    }> {
      handler = use
      const response = await request(nginx.url + path, { ...options, ...requestOptions })
      return { status: response.status, text: await response.body.text(), response }
    }

    const say =
      (text: (req: IncomingRequest) => string | Promise<string>): Handler =>
      async (req, respond) => {
        await respond(200, { 'Content-Type': 'text/plain' }, await text(req))
      }

    test('answers its HTTP/1.0 requests, which are what it sends unless told otherwise', async () => {
      const asked = say((req) => `${req.version} ${req.method} ${req.target} ${req.fields.get('connection')}`)
      expect(await through(asked, '/a%20b?c=d')).toMatchObject({ status: 200, text: '1.0 GET /a%20b?c=d close' })
    })

    test('gives it one connection for as many requests as it likes, of every shape', async () => {
      const answer: Handler = async (req, respond) => {
        const status = Number(req.target.split('/')[2])
        await req.body.bytes()
        await respond(status, { 'Content-Type': 'text/plain' }, status === 204 ? undefined : `${req.method} ${status}`)
      }
      connections.clear()
      const answers: unknown[] = []
      for (const [method, path, body] of [
        ['GET', '/kept/200'],
        ['HEAD', '/kept/200'],
        ['GET', '/kept/204'],
        ['GET', '/kept/304'],
        ['POST', '/kept/201', 'x'.repeat(100_000)],
        ['DELETE', '/kept/404'],
        ['GET', '/kept/200'],
      ] as const) {
        const { status, text } = await through(answer, path, { method, ...(body !== undefined && { body }) })
        answers.push([status, text])
      }
      expect(answers).toEqual([
        [200, 'GET 200'],
        [200, ''],
        [204, ''],
        [304, ''],
        [201, 'POST 201'],
        [404, 'DELETE 404'],
        [200, 'GET 200'],
      ])
      // A 1.0 connection is kept only by who asks for it with `Connection: keep-alive` (RFC 9112 §9.3), and nginx does not.
      expect(connections.size).toBe(version === '1.1' ? 1 : 7)
    })

    test('reads the bodies it forwards to the last byte', async () => {
      const body = randomBytes(3 * MIB)
      const hash = say(async (req) => `${req.fields.get('content-length')} ${sha256(await req.body.bytes())}`)
      const expected = { status: 200, text: `${body.length} ${sha256(body)}` }
      const fields = { 'Content-Type': 'application/octet-stream' }
      for (const path of ['/', '/kept/', '/streamed/'])
        expect(await through(hash, path, { method: 'POST', fields, body }), path).toMatchObject(expected)
    })

    test('does not wait for a 100 that nginx has sent itself', async () => {
      const asked = say(async (req) => `${req.fields.get('expect')} ${await req.body.text()}`)
      const fields = { Expect: '100-continue' }
      expect(await through(asked, '/kept/', { method: 'PUT', fields, body: 'hello' })).toMatchObject({
        status: 200,
        text: 'undefined hello',
      })
    })

    test('streams through it: the first piece is there before the second is made', async () => {
      const { told, tell } = signalled()
      handler = async (_req, respond) => {
        const body = await respond(200, { 'Content-Type': 'text/plain' })
        await body.write(bytes('one'))
        await told
        await body.write(bytes('two'))
        await body.end()
      }
      await using response = await request(`${nginx.url}/streamed/`, options)
      let text = ''
      for await (const part of response.body) {
        text += latin1(part)
        if (text === 'one') tell()
      }
      expect(text).toBe('onetwo')
    })

    test('a body with a length that we cut is cut behind nginx as well', async () => {
      const { told, tell } = signalled()
      handler = async (_req, respond) => {
        const body = await respond(200, { 'Content-Length': '1000' })
        await body.write(bytes('half'))
        await told
        body.abort()
      }
      await using response = await request(`${nginx.url}/streamed/`, options)
      const reading = (async () => {
        for await (const _ of response.body) tell() // a RST right behind the head would be a 502
      })()
      await expect(reading).rejects.toMatchObject({ code: 'HTTP_INCOMPLETE' })
    })

    test('a handler that fails before it has answered is a 500, and not a 502 of nginx', async () => {
      const fail: Handler = () => {
        throw new Error('boom')
      }
      expect(await through(fail, '/kept/')).toMatchObject({ status: 500 })
    })

    test('an answer to a body that nobody reads gets through, and so does the next request', async () => {
      const refuse: Handler = async (_req, respond) => {
        await respond(403, {}, 'no')
      }
      // Small enough to be drained (drainSize), and far too large for that.
      for (const size of [1000, 8 * MIB])
        expect(
          await through(refuse, '/kept/', { method: 'POST', body: new Uint8Array(size) }).catch((error) => error),
          `${size}`,
        ).toMatchObject({ status: 403, text: 'no' })
      expect(
        await through(
          say(() => 'next'),
          '/kept/',
        ),
      ).toMatchObject({ status: 200, text: 'next' })
    })

    test('learns through it that the client has gone', async () => {
      const { told, tell } = signalled()
      handler = async (req, respond) => {
        req.signal.addEventListener('abort', tell, { once: true })
        const body = await respond(200, { 'Content-Type': 'text/plain' })
        while (!req.signal.aborted) await body.write(bytes('x'.repeat(1000)))
      }
      const response = await request(`${nginx.url}/streamed/`, options)
      for await (const _ of response.body) break // hangs up
      await told
    })
  })
})

describeWith(['nginx'], 'nginx as our server', () => {
  const HELLO = 'hello, static world\n'
  const large = randomBytes(2 * MIB)
  let folder: string
  let nginx: Nginx

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'http-raw-static-'))
    await mkdir(join(folder, 'folder'))
    await writeFile(join(folder, 'hello.txt'), HELLO)
    await writeFile(join(folder, 'empty.txt'), '')
    await writeFile(join(folder, 'large.bin'), large)
    await writeFile(join(folder, 'folder/index.html'), '<title>in the folder</title>')
    nginx = await startNginx({
      upstream: 1,
      server: `
        root ${folder};
        client_max_body_size 1000;
        location /static/ { alias ${folder}/; }
        location /counted/ { alias ${folder}/; keepalive_requests 3; add_header Serial $connection; }
        location /inbox/ { alias ${folder}/; dav_methods PUT DELETE; client_max_body_size 4m; }`,
    })
  })
  afterAll(async () => {
    await nginx.close()
    await rm(folder, { recursive: true, force: true })
  })

  describe.each(floors)('our client at HTTP/%s', (_version, options) => {
    const get = (path: string, more: RequestOptions = {}) => request(nginx.url + path, { ...options, ...more })

    test('reads a file, an empty one, and one of 2 MiB', async () => {
      const hello = await get('/static/hello.txt')
      expect([hello.status, hello.fields.get('content-length')]).toEqual([200, `${HELLO.length}`])
      expect(await hello.body.text()).toBe(HELLO)
      expect((await (await get('/static/empty.txt')).body.bytes()).length).toBe(0)
      expect(sha256(await (await get('/static/large.bin')).body.bytes())).toBe(sha256(large))
    })

    test('knows that an answer to HEAD ends with its head, whatever length it speaks of (RFC 9112 §6.3)', async () => {
      await using response = await get('/static/large.bin', { method: 'HEAD' })
      expect(response.fields.get('content-length')).toBe(`${large.length}`)
      expect((await response.body.bytes()).length).toBe(0)
    })

    test('asks again with what it was told, and 304 has no body', async () => {
      const first = await get('/static/hello.txt')
      await first.body.bytes()
      const validators = {
        'If-None-Match': first.fields.get('etag') ?? '',
        'If-Modified-Since': first.fields.get('last-modified') ?? '',
      }
      for (const [name, value] of Object.entries(validators)) {
        const again = await get('/static/hello.txt', { fields: { [name]: value } })
        expect([name, again.status, await again.body.text()]).toEqual([name, 304, ''])
      }
    })

    test('gets the ranges it asks for: one, several, and none that can be had', async () => {
      const one = await get('/static/hello.txt', { fields: { Range: 'bytes=7-12' } })
      expect([one.status, one.fields.get('content-range'), await one.body.text()]).toEqual([
        206,
        `bytes 7-12/${HELLO.length}`,
        HELLO.slice(7, 13),
      ])
      const several = await get('/static/hello.txt', { fields: { Range: 'bytes=0-4,-6' } })
      expect(several.fields.get('content-type')).toMatch(/^multipart\/byteranges/)
      expect(await several.body.text()).toMatch(/\r\n\r\nhello\r\n[\s\S]*\r\n\r\nworld\n\r\n/)
      const none = await get('/static/hello.txt', { fields: { Range: 'bytes=1000-' } })
      expect([none.status, none.fields.get('content-range')]).toEqual([416, `bytes */${HELLO.length}`])
      await none[Symbol.asyncDispose]()
    })

    test('is sent to the folder it meant, and goes there if it may', async () => {
      const stays = await get('/static/folder')
      expect([stays.status, stays.fields.get('location')]).toEqual([301, `${nginx.url}/static/folder/`])
      await stays.body.bytes()
      const goes = await get('/static/folder', { redirects: 1 })
      expect([goes.url, await goes.body.text()]).toEqual([
        `${nginx.url}/static/folder/`,
        '<title>in the folder</title>',
      ])
    })

    test('puts a file there, gets it back, and deletes it', async () => {
      const body = randomBytes(MIB)
      const put = await get('/inbox/new.bin', { method: 'PUT', body })
      expect(put.status).toBe(201)
      await put.body.bytes()
      expect(sha256(await readFile(join(folder, 'new.bin')))).toBe(sha256(body))
      expect(sha256(await (await get('/inbox/new.bin')).body.bytes())).toBe(sha256(body))
      const gone = await get('/inbox/new.bin', { method: 'DELETE' })
      expect([gone.status, await gone.body.text()]).toEqual([204, ''])
    })

    test.each([
      ['a method it does not allow', '/static/hello.txt', { method: 'POST', body: 'x' }, 405],
      ['a path that is not there', '/static/nowhere', {}, 404],
      ['a target longer than its buffer', `/static/${'x'.repeat(10_000)}`, {}, 414],
      ['a field longer than its buffer', '/static/hello.txt', { fields: { 'X-Long': 'x'.repeat(10_000) } }, 400],
      ['a precondition that fails', '/static/hello.txt', { fields: { 'If-Match': '"no"' } }, 412],
    ])('reads what it says to %s', async (_, path, more, status) => {
      const response = await get(path, more)
      expect([response.status, await response.body.text()]).toEqual([status, expect.stringContaining(`${status}`)])
    })

    test('with a pool keeps the connection for as many requests as nginx has patience, and then opens the next', async () => {
      const pool = createPool()
      const serials: unknown[] = []
      for (const method of ['GET', 'HEAD', 'GET', 'GET', 'GET', 'HEAD', 'GET']) {
        const response = await get('/counted/hello.txt', { pool, method })
        expect(await response.body.text()).toBe(method === 'HEAD' ? '' : HELLO)
        serials.push(response.fields.get('serial'))
      }
      expect(serials.map((serial) => serials.indexOf(serial))).toEqual([0, 0, 0, 3, 3, 3, 6])
      await pool.close()
    })

    test('reads the 413 to an upload that nginx stops listening to', async () => {
      const response = await get('/static/hello.txt', { method: 'PUT', body: new Uint8Array(300_000) })
      expect([response.status, await response.body.text()]).toEqual([413, expect.stringContaining('413')])
    })
  })

  test('its pipelined answers come apart where they should (RFC 9112 §9.3.2)', async () => {
    const asked = ['GET', 'HEAD', 'GET']
    const paths = ['hello.txt', 'large.bin', 'empty.txt']
    const wire = asked.map((method, i) => {
      const close = i === asked.length - 1 ? 'Connection: close\r\n' : ''
      return `${method} /static/${paths[i]} HTTP/1.1\r\nHost: a\r\n${close}\r\n`
    })
    await using connection = await connect({ port: nginx.port })
    await connection.write(bytes(wire.join('')))
    const answers: string[] = []
    for (const method of asked) {
      const decoder = createResponseDecoder(method)
      let said = ''
      while (decoder.state !== 'done') {
        const read = await connection.read()
        if (read === null) throw new Error(`the connection ended in ${decoder.state}`)
        const taken = decoder.push(read, (event) => {
          if (event.kind === 'head') said += `${event.head.status} ${event.head.fields.get('content-length')} `
          if (event.kind === 'data') said += latin1(event.data)
        })
        connection.unread(read.subarray(taken))
      }
      answers.push(said)
    }
    expect(answers).toEqual([`200 ${HELLO.length} ${HELLO}`, `200 ${large.length} `, '200 0 '])
    expect(await connection.read()).toBeNull()
  })
})
