import { chunked, createChunkedDecoder } from '@sse-from-scratch/chunked'
import { type BodyEvent, DEFAULT_LIMITS, type Limits } from '@sse-from-scratch/http-raw'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bodyOf, bytes, readBody } from './read-body.ts'

describe('the limit is allowed and one past it is not, however it is cut into reads', () => {
  test.each<[keyof Limits, number, string, string, number]>([
    ['bodySize', 5, '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 'HTTP_BODY_TOO_LARGE', 413],
    ['chunkExtensionSize', 9, '0;a=b;cd=e\r\n\r\n', 'CHUNKED_TOO_MUCH_OVERHEAD', 413],
    ['chunkExtensionSize', 3, '1;a\r\nx\r\n0;b\r\n\r\n', 'CHUNKED_TOO_MUCH_OVERHEAD', 413],
    ['chunkExtensionSize', 4, `${'0'.repeat(20)}\r\n\r\n`, 'CHUNKED_TOO_MUCH_OVERHEAD', 413],
    ['trailerSize', 12, '0\r\nA: b\r\nC: d\r\n\r\n', 'CHUNKED_TOO_MUCH_OVERHEAD', 431],
    ['trailerCount', 2, '0\r\nA: b\r\nHost: c\r\n\r\n', 'CHUNKED_TOO_MUCH_OVERHEAD', 431],
  ])('%s of %d: %j', (name, limit, wire, code, status) => {
    for (const reads of everySplit(bytes(wire))) {
      expect(readBody(reads, { [name]: limit }).last).toBe('end')
      expect(() => readBody(reads, { [name]: limit - 1 })).toThrow(expect.objectContaining({ code, status }))
    }
  })
})

test('a chunk-size past bodySize is refused before a byte of it arrives', () => {
  const refused = expect.objectContaining({ code: 'HTTP_BODY_TOO_LARGE' })
  expect(() => readBody([bytes('6\r\n')], { bodySize: 5 })).toThrow(refused)
})

test('no data past bodySize is handed on, though it came in the same read', () => {
  const events: BodyEvent[] = []
  const decoder = createChunkedDecoder({ bodySize: 4 })
  expect(() => decoder.push(bytes('3\r\nabc\r\n2\r\nde\r\n'), (event) => events.push(event))).toThrow(
    expect.objectContaining({ code: 'HTTP_BODY_TOO_LARGE' }),
  )
  expect(bodyOf(events).data).toBe('abc')
})

test('a body of extensions is stopped, whether in one chunk or a byte in each', () => {
  const refused = expect.objectContaining({ code: 'CHUNKED_TOO_MUCH_OVERHEAD' })
  const { chunkExtensionSize } = DEFAULT_LIMITS
  expect(() => readBody([bytes(`1;${'a'.repeat(chunkExtensionSize)}`)])).toThrow(refused)
  expect(() => readBody([bytes('1;aaa\r\nx\r\n'.repeat(chunkExtensionSize / 3 + 1))])).toThrow(refused)
})

test('an endless stream with an extension in each chunk goes on, because its data pays for them', () => {
  const chunk = bytes('6;ab=c\r\nlonger\r\n')
  const chunks = Array.from({ length: 100_000 }, () => chunk)
  expect(readBody([...chunks, bytes('0\r\n\r\n')]).data.length).toBe(600_000)
})

test('endless trailers are stopped, in one line or in many', () => {
  const refused = expect.objectContaining({ code: 'CHUNKED_TOO_MUCH_OVERHEAD' })
  expect(() => readBody([bytes('0\r\n'), bytes(`A: ${'b'.repeat(DEFAULT_LIMITS.trailerSize)}`)])).toThrow(refused)
  expect(() => readBody([bytes('0\r\n'), bytes('A: b\r\n'.repeat(DEFAULT_LIMITS.trailerCount + 1))])).toThrow(refused)
})

test('the coding has limits when nobody names any', () => {
  const wire = bytes(`0;${'a'.repeat(DEFAULT_LIMITS.chunkExtensionSize)}`)
  expect(() => decodeAll(chunked.createDecoder(), [wire])).toThrow(
    expect.objectContaining({ code: 'CHUNKED_TOO_MUCH_OVERHEAD' }),
  )
})

test('a trailer that is both too long and badly ended is too long, however it is cut into reads', () => {
  for (const reads of everySplit(bytes('0\r\nA: 123456\n\r\n'))) {
    expect(() => readBody(reads, { trailerSize: 8 })).toThrow(
      expect.objectContaining({ code: 'CHUNKED_TOO_MUCH_OVERHEAD' }),
    )
  }
})
