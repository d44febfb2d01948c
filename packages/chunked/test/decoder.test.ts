import { ChunkedError, createChunkedDecoder } from '@sse-from-scratch/chunked'
import { type BodyEvent, HttpError } from '@sse-from-scratch/http-raw'
import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { BODIES, NOT_BODIES } from './cases.ts'
import { bytes, readBody } from './read-body.ts'

describe('bodies, however they are cut into reads', () => {
  test.each(BODIES)('%s', (_, wire, data, trailers) => {
    for (const reads of everySplit(bytes(wire))) expect(readBody(reads)).toEqual({ data, trailers, last: 'end' })
  })
})

describe('refused with 400, however it is cut into reads', () => {
  test.each(NOT_BODIES)('%s: %j', (_, wire, code) => {
    for (const reads of everySplit(bytes(wire))) {
      expect(() => readBody(reads)).toThrow(expect.objectContaining({ code, status: 400 }))
    }
  })
})

test('a stream that ends anywhere before the last byte is cut, not complete', () => {
  const wire = bytes('5;x=1\r\nhello\r\n0\r\nDone: yes\r\n\r\n')
  for (let end = 0; end < wire.length; end++) {
    const cut = () => readBody([wire.subarray(0, end)])
    expect(cut, `cut after ${end} bytes`).toThrow(expect.objectContaining({ code: 'CHUNKED_INCOMPLETE' }))
  }
})

test.each(['0\r\n\r\n', '1\r\na\r\n0\r\n\r\n', '1\r\na\r\n0\r\nA: b\r\n\r\n'])(
  '%j leaves what follows alone',
  (body) => {
    for (const next of ['GET / HTTP/1.1\r\n\r\n', '\r\n', '0\r\n\r\n']) {
      const decoder = createChunkedDecoder()
      expect(decoder.push(bytes(body + next), () => {})).toBe(body.length)
      expect(decoder.push(bytes(next), () => {})).toBe(0)
      expect(decoder.state).toBe('done')
    }
  },
)

test('state names the element the next byte belongs to', () => {
  const decoder = createChunkedDecoder()
  const seen = Array.from(bytes('1;a\r\nx\r\n0\r\nA: b\r\n\r\n'), (byte) => {
    const { state } = decoder
    decoder.push(Uint8Array.of(byte), () => {})
    return state
  })
  expect(seen).toEqual([
    ...['chunk-size', 'chunk-size', 'chunk-ext', 'chunk-ext', 'chunk-size-lf'],
    ...['chunk-data', 'chunk-data-cr', 'chunk-data-lf'],
    ...['chunk-size', 'chunk-size', 'chunk-size-lf'],
    ...Array<string>(8).fill('trailer-section'),
  ])
  expect(decoder.state).toBe('done')
})

test('left says how much of a chunk is still to come, and nothing elsewhere', () => {
  const decoder = createChunkedDecoder()
  const seen = Array.from(bytes('a;x\r\n0123456789\r\n0\r\n\r\n'), (byte) => {
    const { left } = decoder
    decoder.push(Uint8Array.of(byte), () => {})
    return left
  })
  expect(seen).toEqual([0, 0, 0, 0, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0])
  expect(decoder.left).toBe(0)
})

test('data is handed on as it comes, without waiting for the rest of its chunk', () => {
  const decoder = createChunkedDecoder()
  const seen: string[] = []
  const emit = (event: BodyEvent) => seen.push(event.kind === 'data' ? Buffer.from(event.data).toString() : event.kind)
  decoder.push(bytes('a\r\n'), emit)
  decoder.push(bytes('01234'), emit)
  expect(seen).toEqual(['01234'])
  decoder.push(bytes('56789\r\n0\r\n\r\n'), emit)
  expect(seen).toEqual(['01234', '56789', 'end'])
})

test('data is a view of the bytes that came, not a copy', () => {
  const wire = new Uint8Array(bytes('5\r\nhello\r\n6\r\n wor'))
  const pieces: Uint8Array[] = []
  createChunkedDecoder().push(wire, (event) => event.kind === 'data' && pieces.push(event.data))
  expect(pieces.map((piece) => [piece.buffer === wire.buffer, piece.byteOffset - wire.byteOffset])).toEqual([
    [true, 3],
    [true, 13],
  ])
})

test.each([
  'Content-Length: 5',
  'transfer-encoding: chunked',
  'HOST: a',
  'Authorization: Basic eDp5',
  'Set-Cookie: a=b',
])('the trailer %s is dropped, and its neighbours are not (RFC 9110 §6.5.1)', (line) => {
  expect(readBody([bytes(`0\r\nA: 1\r\n${line}\r\nB: 2\r\n\r\n`)]).trailers).toBe('A: 1\r\nB: 2\r\n')
  expect(readBody([bytes(`0\r\n${line}\r\n\r\n`)])).toEqual({ data: '', trailers: '', last: 'end' })
})

test('after an error the decoder stays broken', () => {
  const decoder = createChunkedDecoder()
  const broken = expect.objectContaining({ code: 'CHUNKED_BAD_SIZE' })
  expect(() => decoder.push(bytes('x'), () => {})).toThrow(broken)
  expect(() => decoder.push(bytes('5\r\nhello\r\n0\r\n\r\n'), () => {})).toThrow(broken)
  expect(() => decoder.end(() => {})).toThrow(broken)
})

test('the error is a ChunkedError and an HttpError', () => {
  const error = new ChunkedError('CHUNKED_BAD_SIZE', 'no')
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ name: 'ChunkedError', code: 'CHUNKED_BAD_SIZE', status: 400 })
})
