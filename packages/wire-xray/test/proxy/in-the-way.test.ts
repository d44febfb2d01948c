import { createServer as createTlsServer } from 'node:tls'
import { request, serve } from '@sse-from-scratch/chunked'
import { connect, listen, TcpError } from '@sse-from-scratch/tcp-echo'
import { selfSignedCertificate, standstill } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/proxy/item.ts'
import { startProxy } from '../../src/proxy/start-proxy.ts'
import { bytes, gone, readAll, readSome, setStage } from './stage.ts'

const notes = (items: readonly Item[]) => items.flatMap((item) => (item.kind === 'note' ? item.text : []))
const codes = (items: readonly Item[]) =>
  items.flatMap((item) => (item.kind === 'finding' && item.finding.code ? item.finding.code : []))

describe('a target', () => {
  test('that refuses is a 502 for the client and a note for people, each with the reason', async () => {
    const closed = await listen(() => {})
    await closed[Symbol.asyncDispose]()
    const items: Item[] = []
    const target = `http://127.0.0.1:${closed.address.port}`
    const onItem = (item: Item) => items.push(item)
    await using proxy = await startProxy({ target, onItem, connectTimeout: 60_000 }) // a machine may be busy for ten seconds
    await using response = await request(`${proxy.url}/v1/models`)
    expect(response.status).toBe(502)
    const sentence = `xray: ${target} cannot be reached: nothing listens there; is it running? (connect ECONNREFUSED`
    expect(await response.body.text()).toContain(sentence)
    await proxy.settled()
    expect(notes(items)[0]).toContain(sentence)
    expect(items).toContainEqual(expect.objectContaining({ kind: 'error', code: 'TCP_REFUSED' }))
  })

  test('whose name does not resolve is one, too', async () => {
    await using proxy = await startProxy({
      target: 'http://nobody.example',
      dial: () => Promise.reject(new TcpError('TCP_UNREACHABLE', 'getaddrinfo ENOTFOUND nobody.example')),
    })
    await using response = await request(proxy.url)
    expect([response.status, await response.body.text()]).toEqual([
      502,
      'xray: http://nobody.example cannot be reached: is the name right, and is there a network? (getaddrinfo ENOTFOUND nobody.example)\n',
    ])
  })

  test('that refuses costs nobody an answer who is still sending', async () => {
    await using proxy = await startProxy({ target: 'http://a', dial: () => Promise.reject(new Error('no way')) })
    await using client = await connect({ port: proxy.address.port })
    await client.write(
      bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n'),
      new Uint8Array(9_000_000),
    )
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*Connection: close\r\n[\s\S]*no way\n$/)
  })

  test.each([
    ['ftp://a', /http: or https:/],
    ['http://user:secret@a', /credentials/],
    ['http://a/v1', /base URL/],
    ['a', /./],
  ])('%s is the caller’s mistake', async (target, message) => {
    await expect(startProxy({ target })).rejects.toThrow(message)
    await expect(startProxy({ target })).rejects.toBeInstanceOf(TypeError)
  })

  test('that is spoken to in TLS, and does not speak it, is named, and what to write instead', async () => {
    const server = await listen(async (connection) => {
      await connection.read()
      await connection.write(bytes('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))
      await connection.end()
    })
    const target = `https://127.0.0.1:${server.address.port}`
    {
      await using proxy = await startProxy({ target })
      await using response = await request(proxy.url)
      expect(await response.body.text()).toBe(
        `xray: ${target} cannot be reached: it does not speak TLS there; is it http: instead?\n`,
      )
    }
    await server[Symbol.asyncDispose]()
  })

  test('behind TLS is spoken to in TLS, and the client needs no certificate', async () => {
    const { key, cert } = selfSignedCertificate()
    const server = await listen(
      async (connection) => {
        await readSome(connection, 30)
        await connection.write(bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'))
        await connection.end()
      },
      { createServer: (_options, onSocket) => createTlsServer({ key, cert, ALPNProtocols: ['http/1.1'] }, onSocket) },
    )
    const target = `https://127.0.0.1:${server.address.port}`
    {
      await using proxy = await startProxy({ target, tls: { ca: cert } })
      await using response = await request(proxy.url)
      expect(await response.body.text()).toBe('hi')
    }
    {
      await using stranger = await startProxy({ target })
      await using response = await request(stranger.url)
      expect(response.status).toBe(502)
      expect(await response.body.text()).toMatch(/cannot be reached: TLS with 127\.0\.0\.1 failed: .*self.signed/)
    }
    await server[Symbol.asyncDispose]()
  })
})

describe('others', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])('cannot reach %s unless they may', async (host) => {
    await expect(startProxy({ target: 'http://a', host })).rejects.toBeInstanceOf(TypeError)
  })

  test('can, if they may', async () => {
    await using proxy = await startProxy({ target: 'http://a', host: '0.0.0.0', exposed: true })
    expect(proxy.address.address).toBe('0.0.0.0')
  })
})

describe('a client that speaks otherwise', () => {
  test.each([
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00', 'XRAY_TLS', /its base URL begins with http:/],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'XRAY_HTTP2', /HTTP\/1\.1/],
    ['nothing known', '\x00\x01\x02\xff', 'XRAY_NOT_HTTP', undefined],
  ])('%s is let through, and told of once', async (_what, opening, code, note) => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await client.write(bytes(opening))
    expect(await readSome(server, opening.length)).toBe(opening)
    await server.write(bytes('\x15\x03\x03 whatever'))
    expect(await readSome(client, 12)).toBe('\x15\x03\x03 whatever')
    await stage.proxy.settled()
    expect(codes(stage.items)).toEqual([code])
    expect(notes(stage.items)).toEqual(note ? [expect.stringMatching(note)] : [])
  })

  test.each([
    'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n',
    'GET http://a.example/ HTTP/1.1\r\nHost: a\r\n\r\n',
  ])('to a proxy is told that this is none: %j', async (head) => {
    await using stage = await setStage()
    const { client, server } = await stage.open()
    await client.write(bytes(head))
    await readSome(server, 30)
    await stage.proxy.settled()
    expect(notes(stage.items)).toEqual([expect.stringMatching(/base URL/)])
  })
})

test('an upgraded connection is a tunnel: whatever it says goes through', async () => {
  await using stage = await setStage()
  const { client, server } = await stage.open()
  await client.write(bytes('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'))
  await readSome(server, 60)
  await server.write(bytes('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'))
  await readSome(client, 60)
  const frame = '\x81\x85\x01\x02\x03\x04Host:\r\n'
  await client.write(bytes(frame))
  expect(await readSome(server, frame.length)).toBe(frame)
})

describe('backpressure', () => {
  test('of a client that does not read stops the server', async () => {
    await using stage = await setStage({ onItem: () => {} })
    const { client, server } = await stage.open()
    await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
    const piece = new Uint8Array(64 * 1024)
    let sent = 0
    const writing = (async () => {
      for (;;) {
        await server.write(piece)
        sent += piece.length
      }
    })()
    writing.catch(() => {})
    await standstill(() => sent)
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(40 * 1024 * 1024) // what kernels hold for two connections
    client.abort()
    await gone(server)
  })
})

test('five hundred clients at a time get their own answers', async () => {
  await using server = await serve(async ({ target }, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/event-stream' })
    await body.write(bytes(`data: ${target}\n\n`))
    await body.end()
  })
  const items: Item[] = []
  await using proxy = await startProxy({
    target: `http://127.0.0.1:${server.address.port}`,
    onItem: (item) => items.push(item),
  })
  const paths = Array.from({ length: 500 }, (_, n) => `/${n}`)
  const answers = await Promise.all(
    paths.map(async (path) => {
      await using client = await connect({ port: proxy.address.port })
      await client.write(bytes(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`))
      const answer = await readAll(client)
      return answer
    }),
  )
  expect(answers.map((answer) => /data: (\S+)/.exec(answer)?.[1])).toEqual(paths)
  await proxy.settled()
  const events = items.flatMap((item) =>
    item.kind === 'finding' && item.finding.kind === 'event' ? item.finding.text : [],
  )
  expect(new Set(events)).toEqual(new Set(paths))
}, 300_000) // two seconds of work; on a machine with thirty other things to do, a minute

test('credentials are in no item, whether reads carry their bytes or not', async () => {
  await using stage = await setStage({ withBytes: true })
  const { client, server } = await stage.open()
  await client.write(bytes('GET /?key=SECRET-1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer SECRET-2\r\nCoo'))
  await client.write(bytes('kie: a=SECRET-3\r\n\r\n'))
  await readSome(server, 90)
  await server.write(bytes('HTTP/1.1 200 OK\r\nSet-Cookie: a=SECRET-4\r\nContent-Length: 0\r\n\r\n'))
  await readSome(client, 50)
  await stage.proxy.settled()
  const text = stage.items.map(
    (item) => JSON.stringify(item) + (item.kind === 'read' ? Buffer.from(item.bytes ?? []) : ''),
  )
  expect(text.join('\n')).toContain('Set-Cookie: **')
  expect(text.join('\n')).not.toMatch(/SECRET/)
})

test('faults are between the target and whoever looks', async () => {
  await using stage = await setStage({ faults: 'drop=event:1' })
  const { client, server } = await stage.open()
  await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
  await readSome(server, 20)
  await server.write(bytes('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: 2\n\n'))
  await server.end()
  expect(await readAll(client)).toMatch(/\r\n\r\ndata: 2\n\n$/)
  await stage.proxy.settled()
  const events = stage.items.flatMap((item) =>
    item.kind === 'finding' && item.finding.kind === 'event' ? item.finding.text : [],
  )
  expect(events).toEqual(['2'])
})
