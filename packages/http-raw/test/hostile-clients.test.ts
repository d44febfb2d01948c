import { connect as netConnect } from 'node:net'
import { type Handler, type ServeOptions, serve } from '@sse-from-scratch/http-raw'
import type { Connection, Listener } from '@sse-from-scratch/tcp-echo'
import { growthDuring, standstill } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { connectTo, expectToAnswer, KIB, lastWords, MIB, sendForEver } from './hostile.ts'
import { bytes, readUntil } from './support.ts'

const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'
const hello: Handler = async (request, respond) => {
  if (request.method === 'POST') await request.body.bytes()
  await respond(200, {}, 'hello')
}

describe('slow clients', () => {
  /** Many of them, each with the same to say first. */
  async function openMany(server: Listener, start: string): Promise<Connection[]> {
    const connections: Connection[] = []
    while (connections.length < 100) {
      const connection = await connectTo(server)
      await connection.write(bytes(start))
      connections.push(connection)
    }
    return connections
  }

  /** Sends a byte whenever the server might begin to wonder. */
  async function drip(connection: Connection): Promise<string> {
    const dripping = setInterval(() => void connection.write(bytes('a')), 5)
    try {
      return await lastWords(connection)
    } finally {
      clearInterval(dripping)
    }
  }

  test.each<[string, string, ServeOptions]>([
    ['head', 'GET / HTTP/1.1\r\nHost: a\r\nA: ', { headTimeout: 500 }],
    ['request line', 'GET /', { headTimeout: 500 }],
    ['body', `${POST}Content-Length: 1000000\r\n\r\n`, { requestTimeout: 500 }],
  ])(
    'a slowloris %s, a hundred times, holds little, keeps nobody out and is a 408 in the end',
    async (_, start, options) => {
      await using server = await serve(hello, { ...options, lingerTimeout: 100 })
      let words: Promise<string>[] = []
      const growth = await growthDuring(async () => {
        const connections = await openMany(server, start)
        words = connections.map(drip)
        await expectToAnswer(server)
      })
      expect(growth).toBeLessThan(100 * 64 * KIB) // both ends of each connection, and its buffers, are ours here
      for (const said of await Promise.all(words)) expect(said).toMatch(/^HTTP\/1.0 408 /)
      await expectToAnswer(server)
    },
  )

  test('a body that was announced and never comes holds nothing for what was announced', async () => {
    await using server = await serve(hello, { bodyIdleTimeout: 500, lingerTimeout: 100 })
    let words: Promise<string>[] = []
    const growth = await growthDuring(async () => {
      const connections = await openMany(server, `${POST}Content-Length: 9007199254740991\r\n\r\n`)
      words = connections.map(lastWords)
      await expectToAnswer(server)
    })
    expect(growth).toBeLessThan(100 * 64 * KIB)
    for (const said of await Promise.all(words)) expect(said).toMatch(/^HTTP\/1.0 408 /)
  })

  test.each<[string, string, string, ServeOptions]>([
    ['before a byte', '', '', { headTimeout: 50 }],
    ['in the request line', 'GET /', '408', { headTimeout: 500 }],
    ['between the fields', 'GET / HTTP/1.1\r\nHost: a\r\n', '408', { headTimeout: 500 }],
    ['in a field', 'GET / HTTP/1.1\r\nHost: a\r\nA: b', '408', { headTimeout: 500 }],
    ['in the body', `${POST}Content-Length: 5\r\n\r\nhe`, '408', { bodyIdleTimeout: 50 }],
    ['after its answer', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', '200', { keepAliveTimeout: 50 }],
    ['after it was refused', 'GET / HTTP/1.1\r\n\r\n', '400', {}],
    [
      'before the body that was not asked for',
      `${POST}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
      '408',
      { bodyIdleTimeout: 50 },
    ],
  ])('a client that falls silent %s is let go', async (_, start, status, patience) => {
    await using server = await serve(hello, { ...patience, lingerTimeout: 50 })
    const client = await connectTo(server)
    if (start !== '') await client.write(bytes(start))
    const said = await lastWords(client) // and no FIN of ours: that would tell the server that we are gone
    expect(/^HTTP\/1.0 (\d+)/.exec(said)?.[1] ?? '').toBe(status)
    await expectToAnswer(server)
    client.abort()
    await server.close() // resolves when no connection is left
  })
})

describe('clients without end', () => {
  test.each([
    ['field', 'a'.repeat(64 * KIB), '431', `${POST}A: `],
    ['list of fields', 'A: b\r\n'.repeat(8 * KIB), '431', POST],
    ['method', 'A'.repeat(64 * KIB), '431', ''],
    ['target', 'a'.repeat(64 * KIB), '414', 'GET /'],
    ['list of empty lines', '\r\n'.repeat(32 * KIB), '431', ''],
    ['body', 'a'.repeat(64 * KIB), '413', `${POST}Content-Length: 9000000000000000\r\n\r\n`],
  ])('an endless %s is refused, and no more of it is kept than its limit', async (_, piece, status, start) => {
    await using server = await serve(hello, { lingerTimeout: 100 })
    const client = await connectTo(server)
    const said = lastWords(client)
    const limit = status === '413' ? 16 * MIB : 0 // collectedSize
    const growth = await growthDuring(async () => {
      await client.write(bytes(start))
      await sendForEver(client, bytes(piece))
    })
    expect(growth).toBeLessThan(limit + 2 * MIB)
    expect(await said).toMatch(new RegExp(`^HTTP/1.0 ${status} `))
    await expectToAnswer(server)
  })
})

describe('clients that never read', () => {
  const SIZE = 300 * MIB

  test('300 MB of a streamed answer wait in the handler, not in memory', async () => {
    let written = 0
    let failed: (error: unknown) => void = () => {}
    const failure = new Promise<unknown>((resolve) => {
      failed = resolve
    })
    const handler: Handler = async (request, respond) => {
      if (request.target === '/hello') return void (await respond(200, {}, 'hello'))
      const piece = new Uint8Array(64 * KIB)
      const body = await respond(200)
      try {
        for (; written < SIZE; written += piece.length) await body.write(piece)
      } catch (error) {
        failed(error)
        throw error
      }
    }
    await using server = await serve(handler)
    const client = await connectTo(server)
    const growth = await growthDuring(async () => {
      await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
      await standstill(() => written)
      await expectToAnswer(server)
    })
    expect(growth).toBeLessThan(2 * MIB)
    expect(written).toBeLessThan(SIZE)
    client.abort()
    expect(await failure).toMatchObject({ code: 'TCP_RESET' })
    await expectToAnswer(server)
  })

  test('a hundred thousand requests in one write are served no faster than their answers are read', async () => {
    let served = 0
    const answer = new Uint8Array(4 * KIB)
    const handler: Handler = async (request, respond) => {
      if (request.target === '/hello') return void (await respond(200, {}, 'hello'))
      served++
      await respond(200, {}, answer)
    }
    await using server = await serve(handler)
    const client = await connectTo(server)
    const flood = bytes('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'.repeat(100_000))
    const growth = await growthDuring(async () => {
      void client.write(flood)
      await standstill(() => served)
      await expectToAnswer(server)
    })
    expect(served).toBeGreaterThan(0)
    expect(served).toBeLessThan(100_000)
    expect(growth).toBeLessThan(flood.length + 2 * MIB) // what the client has not sent yet is in this process, too
    client.abort()
    await expectToAnswer(server)
  })
})

test('10,000 connections that come and go leave nothing behind', async () => {
  let failures = 0
  const onError = () => void failures++
  await using server = await serve(hello, { headTimeout: 1000, lingerTimeout: 20, onError })
  const starts = [
    '',
    'G',
    'GET / HTTP/1.1\r\nHost: a\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    `${POST}Content-Length: 9\r\n\r\nx`,
  ]
  const drop = (index: number) =>
    new Promise<void>((resolve) => {
      const client = netConnect(server.address.port, '127.0.0.1', () => {
        client.write(starts[index % starts.length] ?? '')
        if (index % 2 === 0) client.resetAndDestroy()
        else client.destroySoon()
      })
      client.once('close', () => resolve())
    })
  const wave = async (size: number) => {
    for (let done = 0; done < size; done += 250) {
      await Promise.all(Array.from({ length: 250 }, (_, at) => drop(done + at)))
      // First come, first accepted: with this answer the 250 are no longer in the queue of the kernel. It has room for
      // 511, and whoever comes to a full one tries again after a second.
      await expectToAnswer(server)
    }
    await standstill(() => failures) // the last ones are let go
  }
  await wave(1000) // what is made once is made now
  const growth = await growthDuring(() => wave(9000))
  expect(growth).toBeLessThan(4 * MIB)
  await server.close()
}, 240_000) // 4 s of CPU time, which may be long in coming

test('a body longer than its Content-Length is not read as part of it, but as the bad request that it is', async () => {
  const bodies: string[] = []
  await using server = await serve(async (request, respond) => {
    bodies.push(await request.body.text())
    await respond(200, {}, 'hello')
  })
  const client = await connectTo(server)
  await client.write(bytes('POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhello'))
  await client.end()
  expect(await lastWords(client)).toMatch(/^HTTP\/1.0 200 [\s\S]*\r\n\r\nhelloHTTP\/1.0 400 /)
  expect(bodies).toEqual(['he'])
})

test('a body shorter than its Content-Length is no body', async () => {
  const failures: unknown[] = []
  await using server = await serve(
    async (request) => {
      await request.body.text()
      throw new Error('read to its end')
    },
    { onError: (error) => failures.push(error) },
  )
  const client = await connectTo(server)
  await client.write(bytes(`${POST}Content-Length: 6\r\n\r\nhello`))
  await client.end()
  expect(await readUntil(client, '\r\n')).toBe('HTTP/1.0 400 Bad Request\r\n')
  expect(failures).toEqual([expect.objectContaining({ code: 'HTTP_INCOMPLETE' })])
  client.abort()
})
