import { fileURLToPath } from 'node:url'
import { fetchTransport, openEventStream, rawTransport } from '@sse-from-scratch/sse-client'
import { run } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { EVENT_STREAM, type Peer, peer, tcpPeer } from './peers.ts'

const CHILD = fileURLToPath(new URL('fixtures/leaving.ts', import.meta.url))
const NODE = ['--conditions=@sse-from-scratch/source', '--import=tsx', '--unhandled-rejections=strict']

/** Never ends anything by itself, but what is asked for at /end. */
function patientServer(): Promise<Peer> {
  const asked = new Set<string>()
  return peer((req, res) => {
    const { pathname, search } = new URL(`http://a.test${req.url}`)
    asked.add(`?${pathname.slice(1)}`)
    if (pathname === '/silent') return
    if (pathname === '/asked') res.writeHead(200, { Connection: 'close' }).end(asked.has(search) ? 'yes' : 'no')
    else if (pathname === '/missing') res.writeHead(404).write('a body that never ends')
    else if (pathname === '/quiet') res.writeHead(200, EVENT_STREAM).flushHeaders()
    else if (pathname === '/end') res.writeHead(200, EVENT_STREAM).end('retry: 600000\ndata: 1\n\n')
    else res.writeHead(200, EVENT_STREAM).write('retry: 600000\ndata: 1\n\ndata: 2\n\n')
  })
}

describe.each(['raw', 'fetch'])('over the %s transport', (kind) => {
  test('a process that has left all its streams ends by itself, and all its connections are gone', async () => {
    await using server = await patientServer()
    const { code, stdout, stderr } = await run(process.execPath, [...NODE, CHILD, kind, server.url], {
      timeout: 170_000,
    })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'left in 14 ways\n', stderr: '' })
    await Promise.all(server.gone)
    expect(server.gone.length).toBeGreaterThan(9)
  }, 180_000)
})

describe.each([
  ['raw', rawTransport()],
  ['fetch', fetchTransport()],
] as const)('over the %s transport', (_name, transport) => {
  test('break, return and an exception close the connection, which the server sees', async () => {
    await using server = await patientServer()
    for await (const _ of openEventStream(server.url, transport)) break
    await server.gone[0]
    const events = openEventStream(server.url, transport)
    await events.next()
    await events.return()
    await server.gone[1]
    await expect(async () => {
      for await (const _ of openEventStream(server.url, transport)) throw new Error('enough')
    }).rejects.toThrow('enough')
    await server.gone[2]
  })

  test('an abort closes the connection while the head is waited for, and nothing else is asked', async () => {
    const heads: string[] = []
    const controller = new AbortController()
    let onClose = () => {}
    const closed = new Promise<void>((resolve) => {
      onClose = resolve
    })
    await using server = await tcpPeer((socket, _nth, head) => {
      heads.push(head)
      socket.on('close', onClose)
      controller.abort('enough')
    })
    const events = openEventStream(server.url, transport, { signal: controller.signal, reconnect: () => 0 })
    await expect(events.next()).rejects.toBe('enough')
    await closed
    expect(heads).toHaveLength(1)
  })

  test('an abort while it waits to come back is the end, and nothing else is asked', async () => {
    await using server = await patientServer()
    const controller = new AbortController()
    const events = openEventStream(`${server.url}end`, transport, {
      signal: controller.signal,
      onStateChange: (state) => state === 'connecting' && controller.abort('enough'),
    })
    await events.next()
    await expect(events.next()).rejects.toBe('enough')
    expect(server.requests).toHaveLength(1)
  })
})

describe('the waits of the raw transport', () => {
  test('an answer whose head does not come within headTimeout is a loss', async () => {
    await using server = await tcpPeer((socket, nth) => {
      if (nth === 1) socket.write('HTTP/1.1 200 OK\r\nContent-')
      else socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
    const losses: unknown[] = []
    const events = openEventStream(server.url, rawTransport({ headTimeout: 100 }), {
      reconnect: ({ error }) => {
        losses.push(error)
        return 0
      },
    })
    await events.next()
    expect(losses[0]).toMatchObject({ code: 'HTTP_TIMEOUT' })
  })

  test('a connection that is not made within connectTimeout, its TLS included, is a loss', async () => {
    await using server = await tcpPeer(() => {}) // takes a ClientHello, and never says a word
    const losses: unknown[] = []
    const transport = rawTransport({ connectTimeout: 50 })
    const events = openEventStream(server.url.replace('http:', 'https:'), transport, {
      reconnect: ({ error, attempt }) => {
        losses.push(error)
        return attempt < 2 && 0
      },
    })
    await expect(events.next()).rejects.toMatchObject({ code: 'SSE_GAVE_UP' })
    expect(losses).toMatchObject([{ code: 'TCP_TIMEOUT' }, { code: 'TCP_TIMEOUT' }])
  })
})
