import { createChunkedEncoder } from '@sse-from-scratch/chunked'
import { Fields } from '@sse-from-scratch/http-raw'
import { expect, test } from 'vitest'
import { bytes } from './read-body.ts'

const text = (parts: readonly Uint8Array[]) => Buffer.concat(parts).toString('latin1')

test('a chunk is its size in hexadecimal, the data and CRLF', () => {
  const encoder = createChunkedEncoder()
  expect(text(encoder.encode(bytes('hello')))).toBe('5\r\nhello\r\n')
  expect(text(encoder.encode(bytes('x'.repeat(26))))).toBe(`1a\r\n${'x'.repeat(26)}\r\n`)
  expect(text(encoder.end())).toBe('0\r\n\r\n')
})

test('the size counts bytes, not characters', () => {
  expect(text(createChunkedEncoder().encode(new TextEncoder().encode('é'))).slice(0, 3)).toBe('2\r\n')
})

test('nothing to send is nothing on the wire, since a chunk of size 0 would be the last', () => {
  expect(createChunkedEncoder().encode(new Uint8Array())).toEqual([])
})

test('the data goes out as it came in, without a copy', () => {
  const data = bytes('hello')
  expect(createChunkedEncoder().encode(data)).toContain(data)
})

test('trailers follow the last chunk', () => {
  const trailers = new Fields({ Done: 'yes', Digest: 'x' })
  expect(text(createChunkedEncoder().end(trailers))).toBe('0\r\nDone: yes\r\nDigest: x\r\n\r\n')
})

test('a trailer that RFC 9110 §6.5.1 forbids is a TypeError, and the body can still be ended', () => {
  const encoder = createChunkedEncoder()
  expect(() => encoder.end(new Fields({ 'content-LENGTH': '5' }))).toThrow(TypeError)
  expect(text(encoder.end())).toBe('0\r\n\r\n')
})

test('trailers that are no Fields are checked as those are: nobody else writes a line', () => {
  const encoder = createChunkedEncoder()
  const lines = [['A', 'b\r\nEvil: 1']] as unknown as Fields
  const text = { toString: () => 'A: b\r\nEvil: 1\r\n' } as unknown as Fields
  expect(() => encoder.end(lines)).toThrow(TypeError)
  expect(() => encoder.end(text)).toThrow(TypeError)
})

test('nothing can follow the end', () => {
  const encoder = createChunkedEncoder()
  encoder.end()
  expect(() => encoder.encode(bytes('x'))).toThrow(TypeError)
  expect(() => encoder.end()).toThrow(TypeError)
})
