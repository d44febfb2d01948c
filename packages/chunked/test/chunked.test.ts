import { createServer, get } from 'node:http'
import { chunked, createChunkedDecoder, request, serve } from '@sse-from-scratch/chunked'
import type { BodyEvent } from '@sse-from-scratch/http-raw'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { fetch } from 'undici'
import { expect, test } from 'vitest'

const bytes = (text: string) => new TextEncoder().encode(text)
const body = (events: BodyEvent[]) =>
  events.map((e) => (e.kind === 'data' ? Buffer.from(e.data).toString() : '')).join('')

test('decodes the same however it is split', () => {
  const input = bytes('4;x=1\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\nVary: *\r\n\r\n')
  for (const reads of everySplit(input)) {
    const events = decodeAll(createChunkedDecoder(), reads)
    expect(body(events)).toBe('Wikipedia in \r\nchunks.')
    expect(String((events.at(-2) as any).fields)).toBe('Vary: *\r\n')
    expect(events.at(-1)).toEqual({ kind: 'end' })
  }
})

test('leaves what follows alone', () => {
  expect(createChunkedDecoder().push(bytes('1\r\na\r\n0\r\n\r\nGET / '), () => {})).toBe(11)
  expect(createChunkedDecoder().push(bytes('0\r\nA: b\r\n\r\nGET / '), () => {})).toBe(11)
})

test.each([
  ['\r\n', 'CHUNKED_BAD_SIZE'],
  ['-1\r\n', 'CHUNKED_BAD_SIZE'],
  ['0x5\r\n', 'CHUNKED_BAD_SIZE'],
  ['5 \r\n', 'CHUNKED_BAD_SIZE'],
  ['fffffffffffffff\r\n', 'CHUNKED_BAD_SIZE'],
  ['5\nhello', 'CHUNKED_BAD_SIZE'],
  ['5\rx', 'CHUNKED_BAD_DELIMITER'],
  ['5\r\nhello!\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['1;a\nb\r\n', 'CHUNKED_BAD_DELIMITER'],
])('%j is refused', (input, code) => {
  for (const reads of everySplit(bytes(input)))
    expect(() => decodeAll(createChunkedDecoder(), reads)).toThrow(expect.objectContaining({ code, status: 400 }))
})

test('a cut stream is an error, not an end', () => {
  expect(() => decodeAll(createChunkedDecoder(), [bytes('5\r\nhel')])).toThrow(
    expect.objectContaining({ code: 'CHUNKED_INCOMPLETE' }),
  )
})

test('encoder and decoder are inverses', () => {
  const encoder = chunked.createEncoder()
  const wire = Buffer.concat([...encoder.encode(bytes('hello ')), ...encoder.encode(bytes('world')), ...encoder.end()])
  expect(wire.toString()).toBe('6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n')
  expect(body(decodeAll(createChunkedDecoder(), [wire]))).toBe('hello world')
})

test('judges: undici reads our server, our client reads node, keep-alive works', async () => {
  await using server = await serve(async (_req, respond) => {
    await using out = await respond(200, { 'Content-Type': 'text/plain' })
    for (const part of ['a', 'b', 'c']) await out.write(bytes(part))
  })
  const url = `http://127.0.0.1:${server.address.port}/`
  const judge = await fetch(url)
  expect([judge.headers.get('transfer-encoding'), await judge.text()]).toEqual(['chunked', 'abc'])

  const node = createServer((req, res) => {
    res.write('x')
    setTimeout(() => {
      res.addTrailers({ Done: 'yes' })
      res.end(req.httpVersion)
    }, 5)
  }).listen(0)
  await using response = await request(`http://127.0.0.1:${(node.address() as any).port}/`)
  expect(await response.body.text()).toBe('x1.1')
  node.close()
})
