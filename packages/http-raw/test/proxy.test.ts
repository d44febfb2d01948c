import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect as netConnect, type Socket } from 'node:net'
import {
  createPool,
  dialThroughProxy,
  type Handler,
  latin1,
  type ProxyOptions,
  request,
  serve,
} from '@sse-from-scratch/http-raw'
import { type Connection, listen } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { bytes, origin, readToEnd, readUntil, toyChunked } from './support.ts'

const transferCodings = [toyChunked]
const { key, cert } = selfSignedCertificate()

/** A proxy of node:http that makes tunnels, and what it has been asked. */
interface Proxy extends AsyncDisposable {
  readonly url: string
  readonly asked: IncomingMessage[]
  /** Connections that clients have open. */
  readonly open: () => number
}

async function startProxy(server: Server = createServer()): Promise<Proxy> {
  const asked: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('connect', (req: IncomingMessage, client: Socket, head: Buffer) => {
    asked.push(req)
    const { hostname, port } = new URL(`http://${req.url}`)
    const upstream = netConnect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const scheme = server instanceof Object && 'setSecureContext' in server ? 'https' : 'http'
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const handler: Handler = async (req, respond) => {
  const body = await respond(200, {})
  for (const part of ['one ', 'two ', req.fields.get('proxy-authorization') ?? 'three']) await body.write(bytes(part))
  await body.end()
}

/** A proxy that is a function over one end of a connection in memory. */
async function dialMemory(proxy: (connection: Connection) => unknown, options: ProxyOptions = {}): Promise<Connection> {
  const [client, server] = memoryPair()
  const dial = dialThroughProxy('http://me:hunter2@proxy:3128', { ...options, dial: async () => client })
  const dialled = dial(new URL('http://a.example/'), {})
  dialled.catch(() => {})
  await readUntil(server, '\r\n\r\n')
  await proxy(server)
  return dialled
}

describe('through a proxy', () => {
  test('a request goes by a tunnel, and the credentials go to the proxy alone', async () => {
    await using proxy = await startProxy()
    await using server = await serve(handler, { transferCodings })
    const dial = dialThroughProxy(proxy.url.replace('//', '//me:p%C3%A4ss%3A@'), { fields: { 'User-Agent': 'x' } })
    const response = await request(`${origin(server)}/path`, { dial, transferCodings })
    expect(await response.body.text()).toBe('one two three')
    const [asked] = proxy.asked
    expect([asked?.method, asked?.url, asked?.httpVersion]).toEqual([
      'CONNECT',
      `127.0.0.1:${server.address.port}`,
      '1.1',
    ])
    expect(asked?.headers).toEqual({
      host: `127.0.0.1:${server.address.port}`,
      'proxy-authorization': `Basic ${Buffer.from('me:päss:').toString('base64')}`,
      'user-agent': 'x',
    })
  })

  test('TLS is spoken with the server and not with the proxy, and its certificate is verified', async () => {
    await using proxy = await startProxy()
    await using server = await serve(handler, { transferCodings, tls: { key, cert } })
    const dial = dialThroughProxy(proxy.url)
    for (const host of ['localhost', '127.0.0.1']) {
      const url = `https://${host}:${server.address.port}/`
      const response = await request(url, { dial, transferCodings, tls: { ca: cert } })
      expect(await response.body.text()).toBe('one two three')
      await expect(request(url, { dial, transferCodings })).rejects.toMatchObject({ code: 'TCP_FAILED' })
      const other = { ca: cert, servername: 'other.example' }
      await expect(request(url, { dial, transferCodings, tls: other })).rejects.toMatchObject({ code: 'TCP_FAILED' })
    }
    while (proxy.open() > 0) await new Promise(setImmediate) // nothing is left behind
  })

  test.each(['localhost', '127.0.0.1'])('it is %s that has to prove itself', async (host) => {
    await using proxy = await startProxy()
    await using server = await serve(handler, { transferCodings, tls: { key, cert } })
    const names: string[] = []
    const checkServerIdentity = (name: string) => void names.push(name)
    const tls = { ca: cert, checkServerIdentity }
    const dial = dialThroughProxy(proxy.url)
    await using _response = await request(`https://${host}:${server.address.port}/`, { dial, transferCodings, tls })
    expect(names).toEqual([host])
  })

  test('a large body passes whole in both directions, through TLS in TLS', async () => {
    await using proxy = await startProxy(createTlsServer({ key, cert }) as unknown as Server)
    await using server = await serve(
      async (req, respond) => {
        await respond(200, {}, await req.body.bytes())
      },
      { transferCodings, tls: { key, cert } },
    )
    const dial = dialThroughProxy(proxy.url, { tls: { ca: cert } })
    const body = new Uint8Array(1_000_000).map((_, at) => at % 251)
    const url = `https://localhost:${server.address.port}/`
    const response = await request(url, { dial, transferCodings, tls: { ca: cert }, method: 'POST', body })
    expect(Buffer.compare(await response.body.bytes(), body)).toBe(0)
  })

  test('a second proxy is reached by the first', async () => {
    await using near = await startProxy()
    await using far = await startProxy()
    await using server = await serve(handler, { transferCodings })
    const dial = dialThroughProxy(far.url, { dial: dialThroughProxy(near.url) })
    expect(await (await request(origin(server), { dial, transferCodings })).body.text()).toBe('one two three')
    expect([`http://${near.asked[0]?.url}`, `http://${far.asked[0]?.url}`]).toEqual([far.url, origin(server)])
  })

  test.each(['http', 'https'])('a pool keeps the tunnel to an %s server', async (scheme) => {
    await using proxy = await startProxy()
    const tls = scheme === 'https' ? { tls: { key, cert } } : {}
    await using server = await serve(handler, { transferCodings, ...tls })
    await using pool = createPool()
    const dial = dialThroughProxy(proxy.url)
    const url = `${scheme}://localhost:${server.address.port}/`
    for (let i = 0; i < 3; i++) {
      await (await request(url, { dial, pool, transferCodings, tls: { ca: cert } })).body.bytes()
    }
    expect([proxy.asked.length, pool.idle]).toEqual([1, 1])
    await pool.close()
    while (proxy.open() > 0) await new Promise(setImmediate)
  })

  test('a cut answer is an error, also inside TLS', async () => {
    await using proxy = await startProxy()
    await using server = await serve(
      async (_request, respond) => {
        const body = await respond(200)
        await body.write(bytes('half'))
        body.abort()
      },
      { transferCodings, tls: { key, cert } },
    )
    const dial = dialThroughProxy(proxy.url)
    const url = `https://localhost:${server.address.port}/`
    const failure = request(url, { dial, transferCodings, tls: { ca: cert } }).then(({ body }) => body.text())
    await expect(failure).rejects.toMatchObject({ code: expect.stringMatching(/^(HTTP_INCOMPLETE|TCP_RESET)$/) })
  })

  test('a response that is left before its end leaves no connection to the proxy', async () => {
    await using proxy = await startProxy()
    let left = () => {}
    const leaving = new Promise<void>((resolve) => {
      left = resolve
    })
    await using server = await serve(
      async (_request, respond) => {
        const body = await respond(200)
        await body.write(bytes('half'))
        await leaving
      },
      { transferCodings, tls: { key, cert } },
    )
    const url = `https://localhost:${server.address.port}/`
    const response = await request(url, { dial: dialThroughProxy(proxy.url), transferCodings, tls: { ca: cert } })
    for await (const part of response.body) if (latin1(part) === 'half') break
    while (proxy.open() > 0) await new Promise(setImmediate)
    left()
  })

  test('an IPv6 address is asked for in brackets, and a port is always named (RFC 9112 §3.2.3)', async () => {
    for (const [url, authority] of [
      ['http://[::1]/', '[::1]:80'],
      ['http://a.example:8080/x', 'a.example:8080'],
    ]) {
      const [client, server] = memoryPair()
      const dial = dialThroughProxy('http://proxy', { dial: async () => client })
      const dialled = dial(new URL(url as string), {})
      expect(await readUntil(server, '\r\n\r\n')).toBe(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
      await server.write(bytes('HTTP/1.1 200 OK\r\n\r\n'))
      await dialled
    }
  })
})

describe("a proxy's answer", () => {
  test.each([
    ['', 'HTTP/1.1 200 OK\r\n\r\n'],
    [
      'and fields about a body it cannot have',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['after an interim one', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 204 \r\n\r\n'],
  ])('that is a yes %s opens the tunnel, and what is behind it is from the other end', async (_what, answer) => {
    const connection = await dialMemory((proxy) => proxy.write(bytes(`${answer}220 hello\r\n`)))
    expect(latin1((await connection.read()) as Uint8Array)).toBe('220 hello\r\n')
  })

  test('may come in pieces', async () => {
    const connection = await dialMemory(async (proxy) => {
      for (const byte of bytes('HTTP/1.1 200 OK\r\nVia: x\r\n\r\n!')) await proxy.write(Uint8Array.of(byte))
    })
    expect(latin1((await connection.read()) as Uint8Array)).toBe('!')
  })

  test.each<[string, string, object]>([
    [
      'is 407 with a chunked body',
      'HTTP/1.1 407 hunter2\r\nTransfer-Encoding: chunked\r\n\r\n',
      { code: 'HTTP_PROXY_REFUSED', status: 407, message: 'the proxy answered 407 Proxy Authentication Required' },
    ],
    ['is 502', 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nwhy', { code: 'HTTP_PROXY_REFUSED', status: 502 }],
    ['is a redirect', 'HTTP/1.1 302 Found\r\nLocation: http://b/\r\n\r\n', { code: 'HTTP_PROXY_REFUSED', status: 302 }],
    ['is something else', 'SSH-2.0-x\r\n', { code: 'HTTP_BAD_START_LINE' }],
    ['does not end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(2000)}`, { code: 'HTTP_HEAD_TOO_LARGE' }],
    ['is only interim', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3), { code: 'HTTP_TOO_MANY_INTERIM' }],
  ])('that %s is an error without a secret, and the connection is closed', async (_what, answer, expected) => {
    let server: Connection | undefined
    const outcome = dialMemory(
      (proxy) => {
        server = proxy
        return proxy.write(bytes(answer))
      },
      { limits: { headSize: 1000, interimResponses: 2 } },
    )
    const error = await outcome.catch((caught: unknown) => caught)
    expect(error).toMatchObject(expected)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/hunter2|bWU6/)
    expect(server?.signal.aborted).toBe(true)
  })

  test.each<[string, (proxy: Connection) => unknown, string]>([
    ['a FIN', (proxy) => proxy.end(), 'HTTP_INCOMPLETE'],
    ['a reset', (proxy) => proxy.abort(), 'TCP_RESET'],
  ])('that is %s is an error', async (_what, fate, code) => {
    await expect(dialMemory(fate)).rejects.toMatchObject({ code })
  })

  test('that never comes is given up after connectTimeout, or by signal, and leaves no connection', async () => {
    let open = 0
    await using mute = await listen(async (connection) => {
      open++
      await readToEnd(connection).catch(() => {})
      open--
    })
    const dial = dialThroughProxy(origin(mute))
    await expect(request('http://a/', { dial, connectTimeout: 20 })).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
    const reason = new Error('enough')
    const given = new AbortController()
    const asked = request('https://a/', { dial, signal: given.signal })
    asked.catch(() => {})
    while (open === 0) await new Promise(setImmediate)
    given.abort(reason)
    await expect(asked).rejects.toBe(reason)
    while (open > 0) await new Promise(setImmediate)
  })

  test('that is followed by silence instead of TLS is given up after connectTimeout', async () => {
    let open = 0
    await using mute = await listen(async (connection) => {
      open++
      await readUntil(connection, '\r\n\r\n')
      await connection.write(bytes('HTTP/1.1 200 OK\r\n\r\n'))
      await readToEnd(connection).catch(() => {})
      open--
    })
    const dial = dialThroughProxy(origin(mute))
    await expect(request('https://a/', { dial, connectTimeout: 50 })).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
    while (open > 0) await new Promise(setImmediate)
  })
})

test.each([
  ['a URL that is none', 'me:hunter2@:proxy'],
  ['another scheme', 'socks5://me:hunter2@proxy'],
  ['a name that is no UTF-8', 'http://%ff:hunter2@proxy'],
  ['a name with a colon', 'http://a%3ab:hunter2@proxy'],
  ['a password with a line end (RFC 7617 §2)', 'http://me:hunter2%0d%0a@proxy'],
])('%s is a TypeError that keeps the password to itself', (_what, proxy) => {
  let error: unknown
  try {
    dialThroughProxy(proxy)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(TypeError)
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2')
})

test('options that make no sense are refused when the dial is made', () => {
  expect(() => dialThroughProxy('http://proxy', { limits: { headSize: -1 } })).toThrow(RangeError)
  expect(() => dialThroughProxy('http://proxy', { fields: { A: 'b\r\nC: d' } })).toThrow(TypeError)
})
