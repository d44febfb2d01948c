import { createServer } from 'node:http'
import { createChannel, createHistory, encodeEvent, type Session, skipAbove } from '@sse-from-scratch/sse-server'
import { openSession as openNode } from '@sse-from-scratch/sse-server/node'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { eventStream } from '@sse-from-scratch/sse-server/web'
import { EventSource as Judge } from 'undici'
import { expect, test } from 'vitest'

const text = (b: Uint8Array) => new TextDecoder().decode(b)

test('encodes', () => {
  expect(text(encodeEvent({ event: 'a', id: '1', data: 'x\ny\r\nz\rw', retry: 5 }).bytes)).toBe(
    'event: a\nid: 1\nretry: 5\ndata: x\ndata: y\ndata: z\ndata: w\n\n',
  )
  expect(text(encodeEvent({ data: '' }).bytes)).toBe('data: \n\n')
  expect(() => encodeEvent({ id: 'a\nb' })).toThrow(TypeError)
  expect(() => encodeEvent({ retry: -1 })).toThrow(RangeError)
})

test('history', () => {
  const h = createHistory(2)
  for (const id of ['1', '2', '3']) h.append(encodeEvent({ id }))
  expect(h.after('1')).toBeUndefined()
  expect(h.after('2')!.map((x) => x.id)).toEqual(['3'])
  expect(h.after('3')).toEqual([])
})

async function judge(url: string, n: number): Promise<string[]> {
  const got: string[] = []
  const source = new Judge(url)
  await new Promise<void>((resolve) => {
    source.onmessage = (event) => {
      got.push(`${event.lastEventId}:${event.data}`)
      if (got.length === n) resolve()
    }
  })
  source.close()
  return got
}

test('raw: undici EventSource reads it, with replay after a cut', async () => {
  const channel = createChannel({
    history: createHistory(10),
    nextId: (() => {
      let i = 0
      return () => String(++i)
    })(),
  })
  let first: Session | undefined
  await using server = await serve(async (request, respond) => {
    const session = await openSession(request, respond, { retry: 10 })
    channel.subscribe(session)
    if (!first) {
      first = session
      channel.publish({ data: 'a' })
      await session.send({})
      session.abort()
      channel.publish({ data: 'b' })
      channel.publish({ data: 'c' })
    }
    await session.closed
  })
  expect(await judge(`http://127.0.0.1:${server.address.port}/`, 3)).toEqual(['1:a', '2:b', '3:c'])
})

test('node:http', async () => {
  const node = createServer(async (req, res) => {
    const s = openNode(req, res, { retry: 10 })
    await s.send({ data: 'x', id: '1' })
    await s.end()
  }).listen(0)
  expect(await judge(`http://127.0.0.1:${(node.address() as any).port}/`, 2)).toEqual(['1:x', '1:x'])
  node.closeAllConnections()
  node.close()
})

test('web Response', async () => {
  const response = eventStream(new Request('http://x/', { headers: { 'last-event-id': '4' } }), async (session) => {
    await session.send({ data: `after ${session.lastEventId}` })
    await session.end()
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await response.text()).toBe('data: after 4\n\n')
  const gone = new AbortController()
  let over = false
  const endless = eventStream(new Request('http://x/', { signal: gone.signal }), async (s) => {
    s.signal.addEventListener('abort', () => {
      over = true
    })
  })
  await new Promise((r) => setTimeout(r, 1))
  gone.abort()
  await expect(endless.text()).rejects.toThrow()
  expect(over).toBe(true)
})

test('web: backpressure shows in unsent, and skip drops for that reader only', async () => {
  const channel = createChannel({ slowConsumer: skipAbove(1000) })
  let slow!: Session
  let fast!: Session
  const a = eventStream(
    new Request('http://x/'),
    (s) => {
      slow = s
      channel.subscribe(s)
    },
    { heartbeat: 0 },
  )
  const b = eventStream(
    new Request('http://x/'),
    (s) => {
      fast = s
      channel.subscribe(s)
    },
    { heartbeat: 0 },
  )
  await new Promise((r) => setTimeout(r, 1))
  const reader = b.body!.getReader()
  let read = 0
  for (let i = 0; i < 100; i++) {
    channel.publish({ data: 'x'.repeat(100) })
    read += (await reader.read()).value!.length
  }
  expect(read).toBe(100 * 108)
  expect(slow.unsent).toBeLessThan(1300)
  expect(fast.unsent).toBe(0)
  void a
})
