import { once } from 'node:events'
import { type LookupFunction, connect as netConnect } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type TlsOptions, connect as tlsConnect } from 'node:tls'
import { dial, type Handler, request, serve } from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { describe, expect, test, vi } from 'vitest'
import { bytes, origin, readToEnd, readUntil, toyChunked } from './support.ts'

const transferCodings = [toyChunked]
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Handler = async (_request, respond) => {
  await respond(200, {}, 'hello')
}

/** A handler that streams until it is told that nobody listens, and the promise of what told it. */
function endless(): { readonly handler: Handler; readonly ended: Promise<unknown> } {
  let tell: (reason: unknown) => void = () => {}
  const ended = new Promise((resolve) => {
    tell = resolve
  })
  const handler: Handler = async (req, respond) => {
    try {
      const body = await respond(200)
      for (;;) {
        await body.write(bytes('tick'))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    } catch (error) {
      if (!req.signal.aborted) await once(req.signal, 'abort') // the socket's error comes just before its close
      tell([error, req.signal.reason])
      throw error
    }
  }
  return { handler, ended }
}

describe('over real sockets', () => {
  test('a name is looked up by whom the request says', async () => {
    await using server = await serve(async ({ fields }, respond) => {
      await respond(200, {}, fields.get('host'))
    })
    const lookup: LookupFunction = (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }])
    const url = `http://one-address.test:${server.address.port}/`
    await using response = await request(url, { lookup, attemptTimeout: 10 })
    expect(await response.body.text()).toBe(new URL(url).host)
    await expect(request(url, { attemptTimeout: -1 })).rejects.toBeInstanceOf(RangeError)
  })

  test('a client in mid-upload reads why it was refused, and no RST overtakes it', async () => {
    await using server = await serve(hello, { limits: { bodySize: 10 } })
    await using client = await connect({ port: server.address.port })
    const size = 8 * 2 ** 20 // more than the kernels keep between them
    await client.write(bytes(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`))
    const uploaded = client.write(new Uint8Array(size))
    await uploaded
    expect(await readToEnd(client)).toMatch(/^HTTP\/1.0 413 Content Too Large\r\n/)
  })

  test('a handler that streams hears of a client that has closed both sides', async () => {
    const { handler, ended } = endless()
    await using server = await serve(handler, { transferCodings })
    const client = await connect({ port: server.address.port })
    await client.write(bytes(GET))
    await readUntil(client, 'tick')
    await client[Symbol.asyncDispose]()
    const gone = expect.objectContaining({ code: 'TCP_RESET' })
    expect(await ended).toEqual([gone, gone])
  })

  test('a handler that streams hears of a reset', async () => {
    const { handler, ended } = endless()
    await using server = await serve(handler, { transferCodings })
    const client = await connect({ port: server.address.port })
    await client.write(bytes(GET))
    await readUntil(client, 'tick')
    client.abort()
    const gone = expect.objectContaining({ code: 'TCP_RESET' })
    expect(await ended).toEqual([gone, gone])
  })

  test('a handler that waits hears of a reset by its signal', async () => {
    let aborted: (reason: unknown) => void = () => {}
    const reason = new Promise((resolve) => {
      aborted = resolve
    })
    await using server = await serve(
      async (req, respond) => {
        await respond(200)
        req.signal.addEventListener('abort', () => aborted(req.signal.reason))
        await reason
      },
      { transferCodings },
    )
    const client = await connect({ port: server.address.port })
    await client.write(bytes(GET))
    await readUntil(client, '\r\n\r\n')
    client.abort()
    expect(await reason).toMatchObject({ code: 'TCP_RESET' })
  })

  test('a client that has sent FIN still gets the whole of a long answer', async () => {
    await using server = await serve(async (_request, respond) => {
      await respond(200, {}, new Uint8Array(4 * 2 ** 20))
    })
    await using client = await connect({ port: server.address.port })
    await client.write(bytes(GET))
    await client.end()
    expect((await readToEnd(client)).split('\r\n\r\n')[1]).toHaveLength(4 * 2 ** 20)
  })

  test('close() finishes what is in progress and closes what is idle', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await using server = await serve(
      async (req, respond) => {
        if (req.target === '/slow') await released
        await respond(200, {}, req.target)
      },
      { transferCodings },
    )
    await using idle = await connect({ port: server.address.port })
    await idle.write(bytes(GET))
    await readUntil(idle, '\r\n\r\n/')
    await using busy = await connect({ port: server.address.port })
    await busy.write(bytes('GET /fast HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n'))
    await readUntil(busy, '/fast')

    const closed = server.close()
    expect(await idle.read()).toBeNull()
    await idle.end()
    release()
    expect(await readToEnd(busy)).toMatch(/Connection: close\r\n[\s\S]*\/slow$/)
    await busy.end()
    await closed
    await expect(connect({ port: server.address.port })).rejects.toMatchObject({ code: 'TCP_REFUSED' })
  })

  test('close(signal) cuts short what would take too long', async () => {
    await using server = await serve(() => new Promise<void>(() => {}))
    await using client = await connect({ port: server.address.port })
    await client.write(bytes(GET))
    const cut = new AbortController()
    const closed = server.close(cut.signal)
    cut.abort()
    await closed
    await expect(readToEnd(client)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('a reset in the middle of a head is reported and harms nobody else', async () => {
    const errors: unknown[] = []
    let reported = () => {}
    const report = new Promise<void>((resolve) => {
      reported = resolve
    })
    await using server = await serve(hello, {
      onError: (error) => {
        errors.push(error)
        reported()
      },
    })
    const rude = netConnect(server.address.port, '127.0.0.1')
    await once(rude, 'connect')
    await new Promise<unknown>((resolve) => rude.write('GET / HT', resolve))
    rude.resetAndDestroy()
    await report
    expect(errors).toEqual([expect.objectContaining({ code: expect.stringMatching(/^(TCP_RESET|HTTP_INCOMPLETE)$/) })])
    await using response = await request(origin(server))
    expect(await response.body.text()).toBe('hello')
  })

  test('serve() refuses what makes no sense before it listens', async () => {
    await expect(serve(hello, { headTimeout: -1 })).rejects.toThrow(RangeError)
    await expect(serve(hello, { limits: { headSize: Number.NaN } })).rejects.toThrow(RangeError)
  })
})

test('what was answered in full before an answer was cut arrives, though all were to leave together', async () => {
  const half: Handler = async (req, respond) => {
    if (req.target !== '/2') await respond(200, {}, `answer to ${req.target}`)
    else await (await respond(200)).write(bytes('half'))
  }
  await using server = await serve(half, { transferCodings: [toyChunked] })
  await using client = await connect({ port: server.address.port })
  await client.write(bytes(['/1', '/2', '/3'].map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join('')))
  expect(await readUntil(client, 'half')).toContain('answer to /1')
  const rest = await readToEnd(client).catch(() => '') // a RST close behind data is an end to libuv
  expect(rest).not.toContain('0\r\n')
})

test('one signal for many requests at a time is no leak, and nobody is warned of one', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error) => warnings.push(warning)
  process.on('warning', warn)
  await using server = await serve(hello)
  const { signal } = new AbortController()
  const responses = await Promise.all(Array.from({ length: 20 }, () => request(origin(server), { signal })))
  await Promise.all(responses.map(({ body }) => body.text()))
  await new Promise(setImmediate) // a warning is told a tick later
  process.off('warning', warn)
  expect(warnings).toEqual([])
})

describe('over TLS', () => {
  const { key, cert } = selfSignedCertificate()

  test.each([
    ['that says nothing', ''],
    ['that stops within its greeting', '\x16\x03\x01\x02\x00\x01'],
    ['that speaks no TLS', 'GET / HTTP/1.1\r\n\r\n'],
  ])('a client %s is hung up on, and keeps no place', async (_what, greeting) => {
    await using server = await serve(hello, { tls: { key, cert }, headTimeout: 300, maxConnections: 1 })
    const socket = netConnect(server.address.port)
    socket.on('error', () => {})
    socket.write(greeting, 'latin1')
    await once(socket.resume(), 'close')
    const url = `https://127.0.0.1:${server.address.port}/`
    async function isServed(): Promise<void> {
      await using response = await request(url, { tls: { ca: cert } })
      expect(await response.body.text()).toBe('hello')
    }
    await vi.waitFor(isServed, 50_000) // a busy machine may take longer to ask than this server has patience
  })

  test('our client and our server speak, by name and by address', async () => {
    await using server = await serve(hello, { tls: { key, cert } })
    for (const host of ['localhost', '127.0.0.1']) {
      await using response = await request(`https://${host}:${server.address.port}/`, { tls: { ca: cert } })
      expect([response.status, await response.body.text()]).toEqual([200, 'hello'])
    }
  })

  test('HTTP/1.1 is negotiated (RFC 7301), and an address is never sent as a name (RFC 6066 §3)', async () => {
    const names: (string | false | null)[] = []
    const protocols: (string | false | null)[] = []
    const SNICallback: TlsOptions['SNICallback'] = (name, done) => {
      names.push(name)
      done(null)
    }
    await using server = await serve(hello, { tls: { key, cert, SNICallback } })
    const socket = tlsConnect({
      port: server.address.port,
      host: '127.0.0.1',
      ca: cert,
      ALPNProtocols: ['h2', 'http/1.1'],
    })
    await once(socket, 'secureConnect')
    protocols.push(socket.alpnProtocol)
    socket.destroy()
    for (const host of ['localhost', '127.0.0.1']) {
      await (await dial(new URL(`https://${host}:${server.address.port}`), { tls: { ca: cert } }))[
        Symbol.asyncDispose
      ]()
    }
    expect([names, protocols]).toEqual([['localhost'], ['http/1.1']])
  })

  test('our client asks for http/1.1 where a server would rather speak something else', async () => {
    const node = createTlsServer({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }).listen(0, '127.0.0.1')
    await once(node, 'listening')
    const { port } = node.address() as { port: number }
    const accepted = once(node, 'secureConnection')
    const connection = await dial(new URL(`https://127.0.0.1:${port}`), { tls: { ca: cert } })
    const [socket] = (await accepted) as [TLSSocket]
    expect(socket.alpnProtocol).toBe('http/1.1')
    socket.destroy()
    await connection[Symbol.asyncDispose]()
    node.close()
  })

  test.each(['http', 'https'])(
    'a signal that aborts behind the dial of %s: leaves the open connection alone',
    async (scheme) => {
      await using server = await serve(hello, scheme === 'https' ? { tls: { key, cert } } : {})
      const stop = new AbortController()
      const url = new URL(`${scheme}://127.0.0.1:${server.address.port}`)
      await using connection = await dial(url, { signal: stop.signal, tls: { ca: cert } })
      stop.abort()
      await connection.write(bytes('GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n'))
      expect(await readToEnd(connection)).toContain(' 200 OK\r\n')
      await expect(dial(url, { signal: stop.signal, tls: { ca: cert } })).rejects.toBe(stop.signal.reason)
    },
  )

  test('a name is looked up by whom we say, and each of its addresses is tried', async () => {
    await using server = await serve(hello, { tls: { key, cert } })
    const asked: string[] = []
    const lookup: LookupFunction = (host, _options, found) => {
      asked.push(host)
      found(null, [
        { address: '::1', family: 6 }, // where nobody listens
        { address: '127.0.0.1', family: 4 },
      ])
    }
    const url = `https://two-addresses.test:${server.address.port}/`
    const tls = { ca: cert, servername: 'localhost' }
    for (const attemptTimeout of [250, 0]) {
      await using response = await request(url, { lookup, attemptTimeout, tls })
      expect(await response.body.text()).toBe('hello')
    }
    expect(asked).toEqual(['two-addresses.test', 'two-addresses.test'])
    const nothing: LookupFunction = (_host, _options, found) => found(null, [])
    await expect(request(url, { lookup: nothing, tls })).rejects.toMatchObject({ code: 'TCP_UNREACHABLE' })
    await expect(request(url, { attemptTimeout: -1, tls })).rejects.toBeInstanceOf(RangeError)
  })

  test('a certificate nobody vouches for is an error before anything is sent', async () => {
    let calls = 0
    await using server = await serve(() => void calls++, { tls: { key, cert } })
    const failure = request(`https://localhost:${server.address.port}/`)
    await expect(failure).rejects.toMatchObject({ code: 'TCP_FAILED', message: expect.stringContaining('self') })
    expect(calls).toBe(0)
  })

  test('a certificate for another name is an error', async () => {
    await using server = await serve(hello, { tls: { key, cert } })
    const failure = request(`https://localhost:${server.address.port}/`, {
      tls: { ca: cert, servername: 'other.example' },
    })
    await expect(failure).rejects.toMatchObject({ code: 'TCP_FAILED' })
  })

  test('a server that never answers the handshake is given up after connectTimeout, or by signal', async () => {
    const { listen } = await import('@sse-from-scratch/tcp-echo')
    await using mute = await listen(async (connection) => void (await readToEnd(connection)))
    const url = `https://127.0.0.1:${mute.address.port}/`
    await expect(request(url, { connectTimeout: 10 })).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
    const reason = new Error('enough')
    const given = new AbortController()
    const failure = request(url, { signal: given.signal })
    given.abort(reason)
    await expect(failure).rejects.toBe(reason)
  })

  test('a cut answer is an error', async () => {
    let cut = () => {}
    const arrived = new Promise<void>((resolve) => {
      cut = resolve
    })
    await using server = await serve(
      async (_request, respond) => {
        const body = await respond(200)
        await body.write(bytes('half'))
        await arrived
      },
      { tls: { key, cert }, transferCodings },
    )
    const url = `https://localhost:${server.address.port}/`
    await using response = await request(url, { tls: { ca: cert }, transferCodings })
    const parts = response.body[Symbol.asyncIterator]()
    expect(Buffer.from((await parts.next()).value ?? []).toString()).toBe('half')
    cut()
    await expect(parts.next()).rejects.toMatchObject({ code: expect.stringMatching(/^(HTTP_INCOMPLETE|TCP_RESET)$/) })
  })
})
