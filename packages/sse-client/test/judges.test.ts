import { EventSource as OurEventSource } from '@sse-from-scratch/sse-client'
import { createChannel, createHistory } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { EventSource as UndiciEventSource } from 'undici'
import { describe, expect, test, vi } from 'vitest'
import { EVENT_STREAM, peer, tcpPeer } from './peers.ts'

type AnyEventSource = typeof OurEventSource | typeof UndiciEventSource

/** What a user of an EventSource sees of one stream, up to the loss at its end. */
async function watch(EventSourceClass: AnyEventSource, url: string, types: readonly string[]): Promise<string[]> {
  const source = new EventSourceClass(url)
  const log: string[] = []
  for (const type of ['open', 'message', ...types]) {
    source.addEventListener(type, (event: Event) => {
      const { data, lastEventId, origin } = event as MessageEvent
      log.push(`${type} ${JSON.stringify([data, lastEventId, origin])} ${source.readyState}`)
    })
  }
  await new Promise((resolve) => source.addEventListener('error', resolve, { once: true }))
  log.push(`error ${source.readyState}`)
  source.close()
  log.push(`closed ${source.readyState}`)
  return log
}

const seenByBoth = (url: string, types: readonly string[] = []) =>
  Promise.all([watch(OurEventSource, url, types), watch(UndiciEventSource, url, types)])

describe('our EventSource and the one of undici see the same', () => {
  test.each([
    ['messages and types', 'data: a\n\nevent: tick\nid: 1\ndata: b\ndata: c\n\ndata: d\n\n'],
    ['line ends', 'data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\rdata: e\n\r\n'],
    ['fields', 'data\n\ndata:\n\n: comment\nfoo: 1\nDATA: x\ndata:  two\n\n'],
    ['a BOM and characters', '\ufeffdata: é€🎉\n\ndata: \ufeff\n\n'],
    ['an unfinished block', 'data: a\n\ndata: b\n'],
    ['ids', 'id: 1\ndata: a\n\ndata: b\n\nid: x\0\ndata: c\n\n'],
  ])('%s', async (_what, stream) => {
    await using server = await peer((_req, res) => res.writeHead(200, EVENT_STREAM).end(stream))
    const [ours, theirs] = await seenByBoth(server.url, ['tick'])
    expect(ours).toEqual(theirs)
    expect(ours.length).toBeGreaterThan(3)
  })

  test.each([204, 400, 404, 500, 503])('status %i', async (status) => {
    await using server = await peer((_req, res) => res.writeHead(status).end())
    const [ours, theirs] = await seenByBoth(server.url)
    expect(ours).toEqual(['error 2', 'closed 2'])
    expect(theirs).toEqual(ours)
  })

  test.each(['text/plain', 'text/event-stream-x', ''])('type %j', async (type) => {
    await using server = await peer((_req, res) => res.writeHead(200, { 'Content-Type': type }).end('data: a\n\n'))
    const [ours, theirs] = await seenByBoth(server.url)
    expect(ours).toEqual(['error 2', 'closed 2'])
    expect(theirs).toEqual(ours)
  })

  test.each([301, 302, 303, 307, 308])('redirect %i', async (status) => {
    await using server = await peer((req, res) => {
      if (req.url === '/') res.writeHead(status, { Location: '/there' }).end()
      else res.writeHead(200, EVENT_STREAM).end('data: a\n\n')
    })
    const [ours, theirs] = await seenByBoth(server.url)
    expect(ours).toEqual(theirs)
  })
})

describe('where undici 7.30.2 is outvoted', () => {
  test('an empty event: after a named one resets the type (HTML §9.2.6: "set the event type buffer to the field value")', async () => {
    await using server = await peer((_req, res) =>
      res.writeHead(200, EVENT_STREAM).end('event: a\nevent:\ndata: x\n\n'),
    )
    const [ours, theirs] = await seenByBoth(server.url, ['a'])
    expect(ours[1]).toMatch(/^message /)
    expect(theirs[1]).toMatch(/^a /)
  })

  test('retry: takes effect when its line is processed (HTML §9.2.6: no dispatch is needed)', async () => {
    await using server = await tcpPeer((socket, nth) => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
      if (nth === 1) socket.end(`${head}retry: 1\n`)
      else socket.write(head)
    })
    const source = new OurEventSource(server.url)
    const next = (type: string) => new Promise((resolve) => source.addEventListener(type, resolve, { once: true }))
    // Of the time that is waited before a reconnection only so much goes by here: 3000 ms would never be over.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      await next('error')
      const reopened = next('open')
      await vi.advanceTimersByTimeAsync(100)
      await reopened
    } finally {
      vi.useRealTimers()
      source.close()
    }
  })
})

test('our server and our client lose nothing over a cut connection', async () => {
  let nextId = 0
  const channel = createChannel({ history: createHistory(100), nextId: () => `${++nextId}` })
  let drop = () => {}
  await using server = await serve(async (request, respond) => {
    const session = await openSession(request, respond, { retry: 1 })
    drop = () => session.abort()
    channel.subscribe(session)
    await session.closed
  })
  const source = new OurEventSource(`http://127.0.0.1:${server.address.port}/`)
  const seen: string[] = []
  const opened = () => new Promise((resolve) => source.addEventListener('open', resolve, { once: true }))
  const got = (data: string) =>
    new Promise<void>((resolve) => {
      source.addEventListener('message', (event) => {
        if ((event as MessageEvent).data === data) resolve()
      })
    })
  source.onmessage = ({ data }) => seen.push(data)
  const first = got('1')
  await opened()
  channel.publish({ data: '1' })
  await first
  const reopened = opened()
  drop()
  channel.publish({ data: '2' })
  const last = got('3')
  await reopened
  channel.publish({ data: '3' })
  await last
  source.close()
  expect(seen).toEqual(['1', '2', '3'])
})
