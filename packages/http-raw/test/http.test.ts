import { createServer } from 'node:http'
import {
  createRequestDecoder,
  createResponseDecoder,
  type MessageEvent,
  request,
  serve,
  serveConnection,
} from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import { decodeAll, everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { fetch } from 'undici'
import { expect, test } from 'vitest'

const bytes = (text: string) => new TextEncoder().encode(text)
/** What h11 calls normalising: adjacent data events are one. */
function normalise(events: MessageEvent<any>[]) {
  const out: any[] = []
  for (const e of events) {
    const last = out.at(-1)
    if (e.kind === 'data' && last?.kind === 'data') last.data += Buffer.from(e.data).toString()
    else if (e.kind === 'data') out.push({ kind: 'data', data: Buffer.from(e.data).toString() })
    else if (e.kind === 'head')
      out.push({
        kind: 'head',
        start: e.head.method ?? e.head.status,
        fields: String(e.head.fields),
        length: e.length.kind,
      })
    else out.push(e)
  }
  return out
}

test('a request decodes the same however it is split', () => {
  const input = bytes('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: 1\r\nX:  2 \r\n\r\nhello')
  for (const reads of everySplit(input)) {
    expect(normalise(decodeAll(createRequestDecoder(), reads))).toEqual([
      {
        kind: 'head',
        start: 'POST',
        fields: 'Host: a\r\nContent-Length: 5\r\nX: 1\r\nX: 2\r\n',
        length: 'content-length',
      },
      { kind: 'data', data: 'hello' },
      { kind: 'end' },
    ])
  }
})

test('push stops after one message', () => {
  const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  expect(createRequestDecoder().push(bytes(one + one), () => {})).toBe(one.length)
})

test('1xx then final', () => {
  const input = bytes('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody')
  for (const reads of everySplit(input)) {
    expect(normalise(decodeAll(createResponseDecoder('GET'), reads)).map((e) => e.start ?? e.data ?? e.kind)).toEqual([
      'interim',
      200,
      'body',
      'end',
    ])
  }
})

test.each([
  ['GET  / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP_BAD_START_LINE', 400],
  ['GET / HTTP/2.0\r\nHost: a\r\n\r\n', 'HTTP_UNSUPPORTED_VERSION', 505],
  ['GET / HTTP/1.1\r\n\r\n', 'HTTP_BAD_FIELD', 400],
  ['GET / HTTP/1.1\r\nHost: a\r\nFoo : b\r\n\r\n', 'HTTP_BAD_FIELD', 400],
  ['GET / HTTP/1.1\r\nHost: a\r\nFoo: b\r\n folded\r\n\r\n', 'HTTP_BAD_FIELD', 400],
  ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 'HTTP_BAD_FRAMING', 400],
  ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n', 'HTTP_BAD_FRAMING', 400],
  ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', 'HTTP_UNKNOWN_CODING', 501],
  ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n', 'HTTP_BAD_FRAMING', 400],
])('%j is refused', (input, code, status) => {
  expect(() => createRequestDecoder().push(bytes(input), () => {})).toThrow(expect.objectContaining({ code, status }))
})

test('serves undici and is served by node:http', async () => {
  await using server = await serve(async (req, respond) => {
    await respond(200, { 'Content-Type': 'text/plain' }, `${req.method} ${req.target} ${await req.body.text()}`)
  })
  const url = `http://127.0.0.1:${server.address.port}/x?y=1`
  const judge = await fetch(url, { method: 'POST', body: 'hi' })
  expect([judge.status, await judge.text()]).toEqual([200, 'POST /x?y=1 hi'])

  const node = createServer((req, res) => {
    res.write('close-')
    res.end(`delimited ${req.httpVersion}`)
  }).listen(0)
  await using response = await request(`http://127.0.0.1:${(node.address() as any).port}/`)
  expect(await response.body.text()).toBe('close-delimited 1.0')
  node.close()
})

test('a chunked request gets 501 on this floor', async () => {
  await using server = await serve((_req, respond) => respond(200, {}, 'ok').then(() => {}))
  await using client = await connect({ port: server.address.port })
  await client.write(bytes('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'))
  const head = Buffer.from((await client.read())!).toString()
  expect(head.split('\r\n')[0]).toBe('HTTP/1.0 501 Not Implemented')
})

test('handler errors become 500; a broken body is cut, not ended', async () => {
  const [client, server] = memoryPair()
  const served = serveConnection(server, () => {
    throw new Error('boom')
  }).catch((e) => e.message)
  await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
  expect(Buffer.from((await client.read())!).toString()).toMatch(/^HTTP\/1.0 500 Internal Server Error/)
  expect(await served).toBe('boom')
})
