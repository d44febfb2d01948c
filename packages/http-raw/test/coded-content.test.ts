import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { codedContent, Fields } from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'

const text = 'data: hello\n\n'.repeat(20)

const CODED: readonly (readonly [coding: string, bytes: Uint8Array])[] = [
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['deflate, gzip', gzipSync(deflateSync(text))],
]

const codedAs = (coding: string) => codedContent(new Fields([['Content-Encoding', coding]]))

async function* one(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

describe.each(CODED)('content in %s', (coding, bytes) => {
  test('is read piece by piece', async () => {
    const parts: Uint8Array[] = []
    const pieces = one(bytes.subarray(0, 7), bytes.subarray(7))
    for await (const part of codedAs(coding)?.decode(pieces) ?? one()) parts.push(part)
    expect(Buffer.concat(parts).toString()).toBe(text)
  })

  test('is known as far as it goes', () => {
    expect(Buffer.from(codedAs(coding)?.decodeBeginning(bytes) ?? []).toString()).toBe(text)
    for (let end = 0; end < bytes.length; end++) {
      const beginning = Buffer.from(codedAs(coding)?.decodeBeginning(bytes.subarray(0, end)) ?? []).toString()
      expect(text.startsWith(beginning)).toBe(true)
    }
  })
})

test('a coding nobody knows here cannot be read, and none is no coding', () => {
  expect(codedAs('zstd')).toBeUndefined()
  expect(codedAs('gzip, gzip, gzip')).toBeUndefined()
  expect(codedAs('identity')?.decodeBeginning(Buffer.from('a'))).toEqual(Buffer.from('a'))
})

test('a beginning that swells beyond 16 MiB is refused', () => {
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024))
  expect(() => codedAs('gzip')?.decodeBeginning(bomb)).toThrow(RangeError)
})
