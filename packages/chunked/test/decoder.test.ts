import { ChunkedError, createChunkedDecoder } from '@sse-from-scratch/chunked'
import { type BodyEvent, HttpError } from '@sse-from-scratch/http-raw'
import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, readBody } from './read-body.ts'

describe('bodies, however they are cut into reads', () => {
  test.each([
    ['no chunk at all', '0\r\n\r\n', '', ''],
    ['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello', ''],
    ['several chunks', '4\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\n', 'Wikipedia in \r\nchunks.', ''],
    ['sizes in either case', 'a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n', '01234567890123456789', ''],
    ['sizes with leading zeros', '0005\r\nhello\r\n0000000000000001\r\n!\r\n000\r\n\r\n', 'hello!', ''],
    ['data that looks like framing', '5\r\n0\r\n\r\n\r\n0\r\n\r\n', '0\r\n\r\n', ''],
    ['bytes of every value', `100\r\n${allBytes()}\r\n0\r\n\r\n`, allBytes(), ''],
    ['trailers', '1\r\nx\r\n0\r\nVary: *\r\nDone:  yes \r\n\r\n', 'x', 'Vary: *\r\nDone: yes\r\n'],
    ['a trailer without a value', '0\r\nEmpty:\r\n\r\n', '', 'Empty: \r\n'],
    ['an extension', '5;x\r\nhello\r\n0\r\n\r\n', 'hello', ''],
    ['an extension with a value', '5;x=1\r\nhello\r\n0;last=yes\r\n\r\n', 'hello', ''],
    ['an extension with a quoted value', '5;x="a; b=\\"c\\" \xe9\t\\\\"\r\nhello\r\n0\r\n\r\n', 'hello', ''],
    ['an empty quoted value', '5;x=""\r\nhello\r\n0\r\n\r\n', 'hello', ''],
    ['several extensions', '5;a;b=1;c="2"\r\nhello\r\n0;d;e\r\n\r\n', 'hello', ''],
    ['blanks around ; and =', '5 \t;\t a \t=\t 1 ; b = "2" ;c\r\nhello\r\n0 ;d\r\n\r\n', 'hello', ''],
  ])('%s', (_, wire, data, trailers) => {
    for (const reads of everySplit(bytes(wire))) expect(readBody(reads)).toEqual({ data, trailers, last: 'end' })
  })
})

describe('refused with 400, however it is cut into reads', () => {
  test.each([
    // chunk-size = 1*HEXDIG
    ['no digit', '\r\n', 'CHUNKED_BAD_SIZE'],
    ['an extension in place of digits', ';x\r\n', 'CHUNKED_BAD_SIZE'],
    ['a minus', '-1\r\n', 'CHUNKED_BAD_SIZE'],
    ['a plus', '+1\r\n', 'CHUNKED_BAD_SIZE'],
    ['a prefix', '0x5\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['a blank before', ' 5\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['a blank after', '5 \r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['a tab after', '5\t\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['a letter after F', '5g\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['an underscore', '1_0\r\n', 'CHUNKED_BAD_SIZE'],
    ['a decimal point', '5.0\r\n', 'CHUNKED_BAD_SIZE'],
    ['NUL', '5\0\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['a byte that is 5 without its top bit', '\xb5\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['2^53', '20000000000000\r\n', 'CHUNKED_BAD_SIZE'],
    ['2^64 + 5', '10000000000000005\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['seventeen digits', '00000000000000005\r\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    // CRLF, and nothing else
    ['LF after a size', '5\nhello\r\n', 'CHUNKED_BAD_SIZE'],
    ['CR after a size', '5\rhello', 'CHUNKED_BAD_DELIMITER'],
    ['CR CR LF after a size', '5\r\r\nhello', 'CHUNKED_BAD_DELIMITER'],
    ['more data than the size says', '5\r\nhello!\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['less data than the size says', '6\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['LF after data', '5\r\nhello\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['CR after data', '5\r\nhello\r0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['LF after the last chunk', '0\n\n', 'CHUNKED_BAD_SIZE'],
    ['LF after a trailer', '0\r\nA: b\n\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['LF as the empty line', '0\r\n\n', 'CHUNKED_BAD_DELIMITER'],
    ['CR in a trailer', '0\r\nA: b\rC: d\r\n\r\n', 'HTTP_BAD_FIELD'],
    // chunk-ext
    ['LF in an extension', '1;a\nb\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['CR in an extension', '1;a\rb\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['LF in quotes', '1;a="\n"\r\n', 'CHUNKED_BAD_DELIMITER'],
    ['CRLF in quotes', '1;a="\r\n"\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['NUL in quotes', '1;a="\0"\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['a quoted NUL in quotes', '1;a="\\\0"\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['quotes that never end', '1;a="b\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['text after the quotes', '1;a="b"c\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['an extension without a name', '1;\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['a second extension without a name', '1;a;\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['a value without a name', '1;=b\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['= without a value', '1;a=\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['a blank after the last extension', '1;a \r\n', 'CHUNKED_BAD_EXTENSION'],
    ['a blank after the last value', '1;a=b \r\n', 'CHUNKED_BAD_EXTENSION'],
    ['two names', '1;a b\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['two values', '1;a=b c\r\n', 'CHUNKED_BAD_EXTENSION'],
    ['obs-text in a name', '1;\xe9\r\n', 'CHUNKED_BAD_EXTENSION'],
    // trailer-section
    ['a trailer without a colon', '0\r\nA\r\n\r\n', 'HTTP_BAD_FIELD'],
    ['a blank before the colon', '0\r\nA : b\r\n\r\n', 'HTTP_BAD_FIELD'],
    ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n', 'HTTP_BAD_FIELD'],
    ['NUL in a trailer', '0\r\nA: \0\r\n\r\n', 'HTTP_BAD_FIELD'],
  ])('%s: %j', (_, wire, code) => {
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
  const wire = bytes('5\r\nhello\r\n6\r\n wor')
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

function allBytes(): string {
  return Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1')
}
