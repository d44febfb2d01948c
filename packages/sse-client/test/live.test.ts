import { createServer } from 'node:http'
import { serve } from '@sse-from-scratch/chunked'
import { EventSource, fetchTransport, openEventStream, rawTransport } from '@sse-from-scratch/sse-client'
import { expect, test } from 'vitest'

const head = { 'Content-Type': 'text/event-stream; charset=utf-8' }
const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['raw', rawTransport()],
  ['fetch', fetchTransport()],
])('%s: reconnects with Last-Event-ID and stops on 204', async (_n, transport) => {
  const seen: (string | undefined)[] = []
  await using server = await serve(async (request, respond) => {
    seen.push(request.fields.get('last-event-id'))
    if (seen.length === 3) return void (await respond(204))
    await respond(200, head, `retry: 1\nid: ${seen.length}\ndata: n${seen.length}\n\n`)
  })
  const got: string[] = []
  for await (const event of openEventStream(`http://127.0.0.1:${server.address.port}/`, transport)) got.push(event.data)
  expect(got).toEqual(['n1', 'n2'])
  expect(seen).toEqual([undefined, '1', '2'])
})

test('a 500 or a wrong type fails the connection; a refused one is retried until the policy says stop', async () => {
  await using server = await serve((r, respond) => respond(r.target === '/500' ? 500 : 200, {}, 'x').then(() => {}))
  const at = (path: string) => openEventStream(`http://127.0.0.1:${server.address.port}${path}`, rawTransport()).next()
  await expect(at('/500')).rejects.toMatchObject({ code: 'SSE_BAD_STATUS' })
  await expect(at('/')).rejects.toMatchObject({ code: 'SSE_BAD_CONTENT_TYPE' })
  const dead = openEventStream('http://127.0.0.1:1/', rawTransport(), {
    reconnect: ({ attempt }) => (attempt < 3 ? 1 : false),
  })
  await expect(dead.next()).rejects.toMatchObject({ code: 'SSE_GAVE_UP', cause: { code: 'TCP_REFUSED' } })
})

test('break closes the connection', async () => {
  let closed = false
  const node = createServer((req, res) => {
    res.writeHead(200, head)
    res.write('data: 1\n\n')
    res.on('close', () => {
      closed = true
    })
  }).listen(0)
  for await (const _ of openEventStream(`http://127.0.0.1:${(node.address() as any).port}/`, rawTransport())) break
  await new Promise((r) => setTimeout(r, 20))
  expect(closed).toBe(true)
  node.close()
})

test('EventSource: open, message, custom type, error, reconnect, close', async () => {
  let n = 0
  await using server = await serve(async (_q, respond) => {
    n++
    const body = await respond(200, head)
    await body.write(bytes(`retry: 5\ndata: m${n}\n\nevent: tick\ndata: t\n\n`))
    await body.end()
  })
  const log: string[] = []
  const source = new EventSource(`http://127.0.0.1:${server.address.port}/`)
  source.onopen = () => log.push(`open ${source.readyState}`)
  source.onmessage = (event) => log.push(event.data)
  source.addEventListener('tick', () => log.push('tick'))
  await new Promise<void>((resolve) => {
    source.onerror = () => {
      log.push(`error ${source.readyState}`)
      if (n === 2) {
        source.close()
        resolve()
      }
    }
  })
  expect(log).toEqual(['open 1', 'm1', 'tick', 'error 0', 'open 1', 'm2', 'tick', 'error 0'])
  expect(source.readyState).toBe(2)
})
