import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createPool,
  type Dial,
  dial,
  latin1,
  type Pool,
  type RequestOptions,
  request,
  serve,
} from '@sse-from-scratch/http-raw'
import { type Connection, listen, TcpError } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { describe, expect, test, vi } from 'vitest'
import { bytes, origin, readToEnd, readUntil, toyChunked } from './support.ts'

const transferCodings = [toyChunked]
const HELLO = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

/** A dial into memory, and the servers' ends of what it has opened. */
function memoryDial(): { readonly dial: Dial; readonly servers: Connection[] } {
  const servers: Connection[] = []
  const dialMemory: Dial = async () => {
    const [client, server] = memoryPair()
    servers.push(server)
    return client
  }
  return { dial: dialMemory, servers }
}

/** The `at`-th server that was dialled, once it has been. */
async function serverAt(servers: readonly Connection[], at: number): Promise<Connection> {
  for (;;) {
    const server = servers[at]
    if (server) return server
    await new Promise(setImmediate)
  }
}

/** Asks, is answered by the `at`-th server, and reads the answer to its end. Returns the head that was sent. */
async function ask(
  servers: readonly Connection[],
  at: number,
  options: RequestOptions,
  answer: string = HELLO,
): Promise<string> {
  const asked = request('http://a/', { transferCodings, ...options })
  const server = await serverAt(servers, at)
  const head = await readUntil(server, '\r\n\r\n')
  await server.write(bytes(answer))
  await (await asked).body.bytes()
  return head
}

/** Until the pool has so many idle connections: what is on its way through the event loop has arrived. */
async function untilIdle(pool: Pool, count: number): Promise<void> {
  while (pool.idle !== count) await new Promise(setImmediate)
}

describe('a pool', () => {
  test('uses a connection again when the response has arrived to its end, and asks for no close', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    for (let i = 0; i < 3; i++) {
      expect(await ask(servers, 0, { dial, pool })).toBe('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect([pool.open, pool.idle]).toEqual([1, 1])
    }
    expect(servers).toHaveLength(1)
  })

  test('asks HTTP/1.0 servers to keep the connection (RFC 9112 §9.3)', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    const kept = 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n'
    const options = { dial, pool, transferCodings: [] }
    expect(await ask(servers, 0, options, kept)).toContain('HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n')
    await ask(servers, 0, options, kept)
    expect(servers).toHaveLength(1)
  })

  test('keeps a connection after HEAD, 204 and 304, whatever their fields say', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    await ask(servers, 0, { dial, pool, method: 'HEAD' }, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n')
    await ask(servers, 0, { dial, pool }, 'HTTP/1.1 204 No Content\r\n\r\n')
    await ask(servers, 0, { dial, pool }, 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n')
    await ask(servers, 0, { dial, pool })
    expect(servers).toHaveLength(1)
  })

  test.each<[string, string, RequestOptions]>([
    ['says Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', {}],
    ['is HTTP/1.0 and does not say keep-alive', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', {}],
    ['comes to a request that said close', HELLO, { fields: { Connection: 'close' } }],
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', {}],
    ['keeps it for no more than a second', 'HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=1\r\n\r\n', {}],
    ['has something behind it', `${HELLO}HTTP/1.1 200 OK\r\n\r\n`, {}],
  ])('does not use a connection again if the response %s', async (_what, answer, options) => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    await ask(servers, 0, { dial, pool, ...options }, answer)
    await ask(servers, 1, { dial, pool })
    expect(servers[0]?.signal.aborted || (await readToEnd(servers[0] as Connection)) === '').toBe(true)
  })

  test('does not use a connection again that ended the response by closing', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    const asked = request('http://a/', { dial, pool, transferCodings })
    const server = await serverAt(servers, 0)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\n\r\nhello'))
    await server.end()
    expect(await (await asked).body.text()).toBe('hello')
    await ask(servers, 1, { dial, pool })
  })

  test('does not use a connection again whose response was left before its end', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    const asked = request('http://a/', { dial, pool, transferCodings })
    const server = await serverAt(servers, 0)
    await readUntil(server, '\r\n\r\n')
    await server.write(bytes('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell'))
    await (await asked)[Symbol.asyncDispose]()
    expect(server.signal.aborted).toBe(true)
    expect(pool.open).toBe(0)
    await ask(servers, 1, { dial, pool })
  })

  test('does not use a connection again whose server answered before it had the whole request', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    let pull = () => {}
    const body = (async function* () {
      yield bytes('a')
      await new Promise<void>((resolve) => {
        pull = resolve
      })
      yield bytes('b')
    })()
    const asked = request('http://a/', { dial, pool, transferCodings, method: 'POST', body })
    const server = await serverAt(servers, 0)
    await readUntil(server, '1\r\na\r\n')
    await server.write(bytes(HELLO))
    expect(await (await asked).body.text()).toBe('hello')
    pull()
    expect(server.signal.aborted).toBe(true)
    expect(pool.open).toBe(0)
  })

  test('does not use a connection again that has not taken all of the request yet', async () => {
    const [client, server] = memoryPair()
    const dial: Dial = async () => Object.create(client, { unsent: { value: 1 } })
    await using pool = createPool()
    await ask([server], 0, { dial, pool })
    expect(pool.idle).toBe(0)
  })

  test('forgets a connection that was dead when it came', async () => {
    const [client] = memoryPair()
    client.abort()
    const pool = createPool()
    await expect(request('http://a/', { dial: async () => client, pool })).rejects.toMatchObject({ code: 'TCP_CLOSED' })
    expect(pool.open).toBe(0)
    await pool.close()
  })

  test.each<[string, (server: Connection) => unknown]>([
    ['sends FIN', (server) => server.end()],
    ['resets', (server) => server.abort()],
    ['says something nobody asked for', (server) => server.write(bytes('HTTP/1.1 408 Request Timeout\r\n\r\n'))],
  ])('closes an idle connection whose server %s', async (_what, disturb) => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    await ask(servers, 0, { dial, pool })
    await disturb(servers[0] as Connection)
    await untilIdle(pool, 0)
    await ask(servers, 1, { dial, pool })
    expect(pool.open).toBe(1)
  })

  test('lets go of a connection whose server speaks while it is about to be used again', async () => {
    const { dial, servers } = memoryDial()
    const pool = createPool()
    await ask(servers, 0, { dial, pool })
    const second = ask(servers, 1, { dial, pool, method: 'POST' }) // has taken the idle one, and looks at it once more
    await servers[0]?.write(bytes(HELLO))
    await second
    expect([pool.open, pool.idle, servers.length]).toEqual([1, 1, 2])
    await pool.close()
    expect(pool.open).toBe(0)
  })

  test('does not send what must not be repeated into a FIN that has arrived', async () => {
    let accepted = 0
    let finish = () => {}
    await using server = await listen(async (connection) => {
      accepted++
      await readUntil(connection, '\r\n\r\n')
      await connection.write(bytes(HELLO))
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    await using pool = createPool()
    const options = { pool, transferCodings, method: 'POST' }
    for (let i = 1; i <= 10; i++) {
      expect(await (await request(origin(server), options)).body.text()).toBe('hello')
      finish() // the FIN is sent in this turn of the loop, and the next request follows at once
      expect(accepted).toBe(i)
    }
  })

  test.each([
    ['GET', undefined, false],
    ['PUT', bytes('hello'), false],
    ['POST', bytes('hello'), true],
  ])('asks the network for news before it is used for another %s: %s, %s', async (method, body, asks) => {
    await using server = await serve((_request, respond) => respond(200, {}, 'hello').then(() => {}))
    await using pool = createPool()
    let turned = false
    let asked = false
    const watched: Dial = async (url, options) => {
      const connection = await dial(url, options)
      const write = connection.write.bind(connection)
      const send = connection.send?.bind(connection)
      return Object.assign(connection, {
        write(...parts: readonly Uint8Array[]) {
          asked = turned
          return write(...parts)
        },
        send(latin1: string) {
          asked = turned
          return send?.(latin1)
        },
      })
    }
    const options = { transferCodings, dial: watched, pool }
    await (await request(origin(server), options)).body.text()
    setImmediate(() => {
      turned = true
    })
    const response = await request(origin(server), { ...options, method, ...(body && { body }) })
    expect(await response.body.text()).toBe('hello')
    expect(asked).toBe(asks)
  })

  test('asks it about a connection that was idle, whatever is to be sent', async () => {
    let said = ''
    let finish = () => {}
    await using server = await listen(async (connection) => {
      await readUntil(connection, '\r\n\r\n')
      await connection.write(bytes(HELLO))
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      await connection.end()
      for await (const part of connection) said += latin1(part)
    })
    await using pool = createPool()
    for (let i = 1; i <= 10; i++) {
      expect(await (await request(origin(server), { pool, transferCodings })).body.text()).toBe('hello')
      await new Promise(setImmediate)
      finish() // the FIN is sent in this turn of the loop, and the next request follows at once
    }
    expect(said).toBe('')
  })

  test('never takes what came behind an answer for the next one, however soon that is asked for', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    const first = request('http://a/', { transferCodings, dial, pool })
    await readUntil(await serverAt(servers, 0), '\r\n\r\n')
    void servers[0]?.write(bytes(`${HELLO}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`))
    expect(await (await first).body.text()).toBe('hello')
    const second = request('http://a/', { transferCodings, dial, pool })
    await (await serverAt(servers, 1)).write(bytes(HELLO))
    expect(await (await second).body.text()).toBe('hello')
  })

  test('keeps apart what must not be shared', async () => {
    const one = memoryDial()
    const other = memoryDial()
    await using pool = createPool()
    await ask(one.servers, 0, { dial: one.dial, pool })
    await ask(other.servers, 0, { dial: other.dial, pool })
    await ask(one.servers, 1, { dial: one.dial, pool, tls: { cert: 'mine' } })
    await ask(one.servers, 1, { dial: one.dial, pool, tls: { cert: 'mine' } })
    await ask(one.servers, 2, { dial: one.dial, pool, tls: { cert: 'yours' } })
    await ask(one.servers, 3, { dial: one.dial, pool, idleTimeout: 1000 })
    await ask(one.servers, 4, { dial: one.dial, pool, lookup: () => {} })
    expect(pool.idle).toBe(6)
    const elsewhere = request('http://b/', { dial: one.dial, pool, transferCodings })
    const server = await serverAt(one.servers, 5)
    await server.write(bytes(HELLO))
    await (await elsewhere).body.bytes()
    expect(pool.idle).toBe(7)
  })

  test('takes the connection that was used last, and closes the one idle for longest when there are too many', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool({ maxIdle: 2 })
    const asked = [0, 1, 2].map(() => request('http://a/', { dial, pool, transferCodings }))
    for (const [at, response] of asked.entries()) {
      const server = await serverAt(servers, at)
      await readUntil(server, '\r\n\r\n')
      await server.write(bytes(HELLO))
      await (await response).body.bytes()
    }
    expect(pool.idle).toBe(2)
    expect(await servers[0]?.read()).toBeNull()
    await ask(servers, 2, { dial, pool })
    expect(servers).toHaveLength(3)
  })

  test('closes what has been idle for keepAliveTimeout, or for as long as the server allows less a second', async () => {
    for (const [keepAliveTimeout, answer] of [
      [1, HELLO],
      [0, 'HTTP/1.1 204 No Content\r\nKeep-Alive: max=5, timeout=1\r\n\r\n'],
    ] as const) {
      const { dial, servers } = memoryDial()
      await using pool = createPool({ keepAliveTimeout })
      await ask(servers, 0, { dial, pool }, answer)
      expect(await servers[0]?.read()).toBeNull()
      expect(pool.idle).toBe(0)
    }
  })

  test('keeps a TLS connection', async () => {
    const { key, cert } = selfSignedCertificate()
    const connections = new Set()
    const handler: Parameters<typeof serve>[0] = async (req, respond) => {
      connections.add(req.connection)
      await respond(200, {}, req.target)
    }
    await using server = await serve(handler, { tls: { key, cert }, transferCodings })
    await using pool = createPool()
    for (const path of ['/1', '/2', '/3']) {
      const url = `https://localhost:${server.address.port}${path}`
      expect(await (await request(url, { pool, transferCodings, tls: { ca: cert } })).body.text()).toBe(path)
    }
    expect(connections.size).toBe(1)
  })

  test('keeps the connection of a redirect whose response has arrived', async () => {
    const connections = new Set()
    await using server = await serve(
      async (req, respond) => {
        connections.add(req.connection)
        if (req.target === '/end') return void (await respond(200, {}, 'end'))
        await respond(302, { Location: req.target === '/1' ? '/2' : '/end' }, 'elsewhere')
      },
      { transferCodings },
    )
    await using pool = createPool({ maxConnections: 1 })
    const response = await request(`${origin(server)}/1`, { pool, redirects: 5, transferCodings })
    expect([await response.body.text(), connections.size]).toEqual(['end', 1])
  })
})

describe('a kept connection that is gone when it is used', () => {
  /** Uses a connection once; the second request reaches it and is met by `fate`. */
  async function secondMeets(
    fate: (server: Connection) => unknown,
    options: RequestOptions = {},
    pool: Pool = createPool(),
  ): Promise<{ readonly asked: Promise<string>; readonly servers: Connection[] }> {
    const { dial, servers } = memoryDial()
    const common = { dial, pool, transferCodings }
    await ask(servers, 0, common)
    const asked = request('http://a/', { ...common, ...options }).then((response) => response.body.text())
    asked.catch(() => {})
    const first = await serverAt(servers, 0)
    await readUntil(first, '\r\n\r\n')
    await fate(first)
    return { asked, servers }
  }

  const answerSecond = async (servers: readonly Connection[]): Promise<string> => {
    const second = await serverAt(servers, 1)
    const head = await readUntil(second, '\r\n\r\n')
    await second.write(bytes(HELLO))
    return head
  }

  test.each<[string, RequestOptions]>([
    ['a GET', {}],
    ['a PUT with its body', { method: 'PUT', body: 'content' }],
    ['a POST of which the caller says it may', { method: 'POST', body: 'content', idempotent: true }],
  ])('%s is repeated on a fresh one', async (_what, options) => {
    for (const fate of [(server: Connection) => server.end(), (server: Connection) => server.abort()]) {
      const { asked, servers } = await secondMeets(fate, options)
      const head = await answerSecond(servers)
      expect(head.startsWith(`${options.method ?? 'GET'} / HTTP/1.1\r\n`)).toBe(true)
      if (options.body) expect(await readUntil(servers[1] as Connection, 'content')).toBe('content')
      expect(await asked).toBe('hello')
      expect(servers).toHaveLength(2)
    }
  })

  test('it is repeated once, and not once more', async () => {
    const { asked, servers } = await secondMeets((server) => server.end())
    const second = await serverAt(servers, 1)
    await readUntil(second, '\r\n\r\n')
    await second.end()
    await expect(asked).rejects.toMatchObject({ code: 'HTTP_INCOMPLETE' })
    expect(servers).toHaveLength(2)
  })

  async function* stream(): AsyncGenerator<Uint8Array> {
    yield bytes('content')
  }

  test.each<[string, RequestOptions, (server: Connection) => unknown, string]>([
    ['is a POST (RFC 9110 §9.2.2)', { method: 'POST', body: 'x' }, (server) => server.abort(), 'TCP_RESET'],
    ['is one of which the caller says it must not', { idempotent: false }, (server) => server.end(), 'HTTP_INCOMPLETE'],
    ['has a stream for a body', { method: 'PUT', body: stream() }, (server) => server.abort(), 'TCP_RESET'],
    [
      'has been answered with a single byte',
      {},
      async (server) => {
        await server.write(bytes('H'))
        await server.end()
      },
      'HTTP_INCOMPLETE',
    ],
    [
      'has been answered with something else',
      {},
      (server) => server.write(bytes('SSH-2.0\r\n\r\n')),
      'HTTP_BAD_START_LINE',
    ],
    ['took too long', { headTimeout: 10 }, () => {}, 'HTTP_TIMEOUT'],
  ])('a request is not repeated if it %s', async (_what, options, fate, code) => {
    const { asked, servers } = await secondMeets(fate, options)
    await expect(asked).rejects.toMatchObject({ code })
    expect(servers).toHaveLength(1)
  })

  test('a request is not repeated if nothing moved for idleTimeout', async () => {
    const [client, server] = memoryPair()
    await using pool = createPool()
    let dialled = 0
    const dial: Dial = async () => {
      dialled++
      return client
    }
    await ask([server], 0, { dial, pool })
    const asked = request('http://a/', { dial, pool, transferCodings })
    asked.catch(() => {})
    await readUntil(server, '\r\n\r\n')
    client.abort(new TcpError('TCP_TIMEOUT', 'no byte in either direction'))
    await expect(asked).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
    expect(dialled).toBe(1)
  })

  test('a request is not repeated if a fresh connection was gone', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    const asked = request('http://a/', { dial, pool, transferCodings })
    ;(await serverAt(servers, 0)).abort()
    await expect(asked).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(servers).toHaveLength(1)
  })

  test('all the others to that server are closed with it', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool()
    const two = [0, 1].map(() => request('http://a/', { dial, pool, transferCodings }))
    for (const at of [0, 1]) {
      await (await serverAt(servers, at)).write(bytes(HELLO))
      await (await two[at])?.body.bytes()
      await readUntil(servers[at] as Connection, '\r\n\r\n')
    }
    const asked = request('http://a/', { dial, pool, transferCodings })
    await readUntil(servers[1] as Connection, '\r\n\r\n')
    servers[1]?.abort()
    await (await serverAt(servers, 2)).write(bytes(HELLO))
    expect(await (await asked).body.text()).toBe('hello')
    expect(await servers[0]?.read()).toBeNull()
    expect(pool.open).toBe(1)
  })
})

describe('a pool with as many connections in use as it may have', () => {
  test('lets the others wait, first come, first served', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool({ maxConnections: 1 })
    const order: number[] = []
    const asked = [0, 1, 2].map(async (at) => {
      const response = await request(`http://a/${at}`, { dial, pool, transferCodings })
      order.push(at)
      return response.body.text()
    })
    const server = await serverAt(servers, 0)
    for (const at of [0, 1, 2]) {
      expect(await readUntil(server, '\r\n\r\n')).toContain(`GET /${at} `)
      expect(pool.waiting).toBe(2 - at)
      await server.write(bytes(HELLO))
    }
    expect(await Promise.all(asked)).toEqual(['hello', 'hello', 'hello'])
    expect([order, servers.length, pool.waiting]).toEqual([[0, 1, 2], 1, 0])
  })

  test('may have many who wait without a warning about a leak', async () => {
    const { dial, servers } = memoryDial()
    const warned = vi.spyOn(process, 'emitWarning')
    const pool = createPool({ maxConnections: 1 })
    const asked = Array.from({ length: 30 }, () => request('http://a/', { dial, pool, transferCodings }))
    await serverAt(servers, 0)
    expect(pool.waiting).toBe(29)
    await Promise.all([pool[Symbol.asyncDispose](), ...asked.map((one) => expect(one).rejects.toThrow())])
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  test('lets those for another origin through', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool({ maxConnections: 1 })
    const first = request('http://a/', { dial, pool, transferCodings })
    const second = request('http://b/', { dial, pool, transferCodings })
    await (await serverAt(servers, 1)).write(bytes(HELLO))
    expect((await second).status).toBe(200)
    await (await serverAt(servers, 0)).write(bytes(HELLO))
    expect((await first).status).toBe(200)
  })

  test('passes on the place of one whose connection breaks, could not be opened, or was given up', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool({ maxConnections: 1 })
    const refuse: Dial = async () => {
      throw new Error('refused')
    }
    const broken = request('http://a/', { dial, pool, transferCodings })
    const given = new AbortController()
    const givenUp = request('http://a/', { dial, pool, transferCodings, signal: given.signal })
    const last = request('http://a/', { dial, pool, transferCodings })
    ;(await serverAt(servers, 0)).abort()
    await expect(broken).rejects.toMatchObject({ code: 'TCP_RESET' })
    await readUntil(await serverAt(servers, 1), '\r\n\r\n')
    given.abort(new Error('enough'))
    await expect(givenUp).rejects.toThrow('enough')
    await (await serverAt(servers, 2)).write(bytes(HELLO))
    expect(await (await last).body.text()).toBe('hello')
    for (let i = 0; i < 3; i++) await expect(request('http://a/', { dial: refuse, pool })).rejects.toThrow('refused')
  })

  test('refuses one more than maxWaiting, and whoever has waited for queueTimeout', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool({ maxConnections: 1, maxWaiting: 1, queueTimeout: 20 })
    const options = { dial, pool, transferCodings }
    const first = request('http://a/', options)
    await serverAt(servers, 0)
    const second = request('http://a/', options)
    await expect(request('http://a/', options)).rejects.toMatchObject({ code: 'HTTP_POOL_FULL', status: 503 })
    await expect(second).rejects.toMatchObject({
      code: 'HTTP_TIMEOUT',
      message: expect.stringContaining('queueTimeout'),
    })
    await servers[0]?.write(bytes(HELLO))
    expect(await (await first).body.text()).toBe('hello')
  })

  test('forgets whoever no longer wants to wait', async () => {
    const { dial, servers } = memoryDial()
    await using pool = createPool({ maxConnections: 1 })
    const options = { dial, pool, transferCodings }
    const first = request('http://a/', options)
    const given = new AbortController()
    const second = request('http://a/', { ...options, signal: given.signal })
    await serverAt(servers, 0)
    const reason = new Error('enough')
    given.abort(reason)
    await expect(second).rejects.toBe(reason)
    expect(pool.waiting).toBe(0)
    await servers[0]?.write(bytes(HELLO))
    expect((await first).status).toBe(200)
  })
})

describe('a pool that is closed', () => {
  test('closes what is idle, waits for what is in progress, and takes no more', async () => {
    const { dial, servers } = memoryDial()
    const pool = createPool()
    const options = { dial, pool, transferCodings }
    const two = [0, 1].map(() => request('http://a/', options))
    await (await serverAt(servers, 0)).write(bytes(HELLO))
    await (await two[0])?.body.bytes()
    let closed = false
    const closing = pool.close().then(() => {
      closed = true
    })
    expect(await readToEnd(servers[0] as Connection)).toContain('GET')
    expect(closed).toBe(false)
    await expect(request('http://a/', options)).rejects.toThrow(TypeError)
    await servers[1]?.write(bytes(HELLO))
    expect(await (await two[1])?.body.text()).toBe('hello')
    await closing
    expect([pool.open, pool.idle]).toEqual([0, 0])
    await pool.close()
  })

  test('lets those who wait have their turn', async () => {
    const { dial, servers } = memoryDial()
    const pool = createPool({ maxConnections: 1 })
    const two = [0, 1].map(() => request('http://a/', { dial, pool, transferCodings }))
    await serverAt(servers, 0)
    const closing = pool.close()
    await servers[0]?.write(bytes(HELLO))
    expect(await (await two[0])?.body.text()).toBe('hello')
    await (await serverAt(servers, 1)).write(bytes(HELLO))
    expect(await (await two[1])?.body.text()).toBe('hello')
    await closing
  })

  test('with a signal cuts what is in progress, being dialled or waiting', async () => {
    const { dial, servers } = memoryDial()
    const pool = createPool({ maxConnections: 1 })
    const never: Dial = (_url, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const outcomes = [
      request('http://a/', { dial, pool, transferCodings }),
      request('http://a/', { dial, pool, transferCodings }),
      request('http://a/', { dial: never, pool, transferCodings }),
    ].map((asked) => expect(asked).rejects.toMatchObject({ code: 'TCP_CLOSED', message: 'the pool was closed' }))
    await serverAt(servers, 0)
    const cut = new AbortController()
    const closing = pool.close(cut.signal)
    cut.abort()
    await closing
    await Promise.all(outcomes)
    expect(servers[0]?.signal.aborted).toBe(true)
    expect(pool.open).toBe(0)
  })
})

test('a connection that comes after the pool has been cut is closed', async () => {
  const [client, server] = memoryPair()
  const pool = createPool()
  let connect = () => {}
  const dial: Dial = () =>
    new Promise((resolve) => {
      connect = () => resolve(client)
    })
  const asked = request('http://a/', { dial, pool })
  asked.catch(() => {})
  await new Promise(setImmediate)
  const closing = pool[Symbol.asyncDispose]()
  connect()
  await closing
  await expect(asked).rejects.toMatchObject({ code: 'TCP_CLOSED' })
  expect(server.signal.aborted).toBe(true)
})

test.each([
  { maxConnections: 0 },
  { maxWaiting: -1 },
  { maxIdle: Number.NaN },
  { queueTimeout: -1 },
  { keepAliveTimeout: -1 },
])('a pool with %j is a RangeError', (options) => {
  expect(() => createPool(options)).toThrow(RangeError)
})

/** Runs `use` against a server of node:http, with a count of its connections. */
async function withNode(
  listener: RequestListener,
  use: (url: string, connections: () => number) => Promise<void>,
): Promise<void> {
  let connections = 0
  const server = createServer(listener).listen(0, '127.0.0.1')
  server.on('connection', () => connections++)
  await once(server, 'listening')
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => connections)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('against node:http, a pool', () => {
  test.each([
    ['HTTP/1.0', {}],
    ['HTTP/1.1', { transferCodings }],
  ])('keeps one connection for many requests at %s', async (_version, options) => {
    await withNode(
      (req, res) => {
        const text = `${req.method} ${req.url}`
        res.setHeader('Content-Length', text.length)
        res.end(text)
      },
      async (url, connections) => {
        await using pool = createPool()
        for (const method of ['GET', 'HEAD', 'POST', 'GET']) {
          const response = await request(`${url}/x`, {
            ...options,
            pool,
            method,
            body: method === 'POST' ? 'x' : undefined,
          } as RequestOptions)
          expect(await response.body.text()).toBe(method === 'HEAD' ? '' : `${method} /x`)
        }
        expect(connections()).toBe(1)
      },
    )
  })

  test('survives a server that closes kept connections whenever it likes', async () => {
    await withNode(
      (req, res) => {
        res.end('ok')
        if (Number(req.url?.slice(1)) % 3 === 0) res.on('finish', () => setImmediate(() => req.socket.destroy()))
      },
      async (url) => {
        await using pool = createPool({ maxConnections: 4 })
        const answers = Array.from({ length: 60 }, async (_, at) =>
          (await request(`${url}/${at}`, { pool, transferCodings })).body.text(),
        )
        expect(new Set(await Promise.all(answers))).toEqual(new Set(['ok']))
      },
    )
  })
})

describe('with a pool, an abort', () => {
  /** One event loop's worth of moments in the life of a request, and somebody who has had enough at the `at`-th. */
  test('leaves no connection, whenever it comes', async () => {
    await using server = await serve(
      async (_request, respond) => {
        const body = await respond(200)
        for (const part of ['one', 'two', 'three']) {
          await new Promise(setImmediate)
          await body.write(bytes(part))
        }
        await body.end()
      },
      { transferCodings },
    )
    const reason = new Error('enough')
    for (let moment = 0; moment < 40; moment++) {
      const pool = createPool({ maxConnections: 1 })
      const given = new AbortController()
      const options = { pool, transferCodings, signal: given.signal }
      const outcome = Promise.all([0, 1].map(async () => (await request(origin(server), options)).body.text())).catch(
        (error: unknown) => error,
      )
      for (let turn = 0; turn < moment; turn++) await new Promise(setImmediate)
      given.abort(reason)
      const ended = await outcome
      if (ended !== reason) expect(ended).toEqual(['onetwothree', 'onetwothree'])
      await pool.close()
      expect([pool.open, pool.idle, pool.waiting]).toEqual([0, 0, 0])
    }
  })

  test('of a request that is over does not touch the connection it has given back', async () => {
    const { dial: dialMemory, servers } = memoryDial()
    await using pool = createPool()
    const given = new AbortController()
    await ask(servers, 0, { dial: dialMemory, pool, signal: given.signal })
    given.abort()
    await ask(servers, 0, { dial: dialMemory, pool })
    expect(servers).toHaveLength(1)
  })
})

test('an idle pool does not keep the process alive', async () => {
  const server = createServer((_request, res) => res.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const holding = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  await using pool = createPool()
  const accepted = once(server, 'connection')
  const response = await request(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    pool,
    transferCodings,
    dial,
  })
  await response.body.bytes()
  const [socket] = (await accepted) as [{ unref(): void }]
  socket.unref()
  expect(pool.idle).toBe(1)
  await new Promise(setImmediate) // whoever wants it at once has had it
  expect(holding()).toBe(0)
  const closed = pool.close()
  expect(holding()).toBe(1) // what has been asked for is worth waiting for
  await closed
  server.closeAllConnections()
  server.close()
})
