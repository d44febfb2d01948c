import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { text } from '../src/text.ts'

afterEach(() => vi.restoreAllMocks())

type Index = Record<PropertyKey, unknown>

/** Bytes of a read that a decode looks at one by one, and bytes and characters that it has the engine look at or copy. */
function workFor(reads: Iterable<Uint8Array>): number {
  let work = 0
  const counted = new WeakMap<Uint8Array, Uint8Array>() // what is counted, and what it is
  const plain = (bytes: Uint8Array) => counted.get(bytes) ?? bytes

  function count(bytes: Uint8Array): Uint8Array {
    const proxy = new Proxy(bytes, {
      get(target, name) {
        if (name === 'subarray') return (from?: number, to?: number) => count(target.subarray(from, to))
        if (typeof name === 'string' && name >= '0' && name <= '99999999') work++
        const value = (target as unknown as Index)[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    counted.set(proxy, bytes)
    return proxy
  }

  const { scan, isAscii, indexOf: byteIn, utf8 } = text
  const { indexOf } = String.prototype
  const { join } = Array.prototype
  const { set } = Uint8Array.prototype
  const { getInt8, getInt16, getInt32 } = DataView.prototype
  const spies = [
    vi.spyOn(text, 'scan').mockImplementation((bytes) => {
      work += bytes.length
      return scan(plain(bytes))
    }),
    vi.spyOn(text, 'isAscii').mockImplementation((bytes, scanned) => {
      work += bytes.length
      return isAscii(plain(bytes), scanned)
    }),
    vi.spyOn(text, 'indexOf').mockImplementation((bytes, byte) => {
      const at = byteIn(plain(bytes), byte)
      work += at === -1 ? bytes.length : at + 1
      return at
    }),
    vi.spyOn(text, 'utf8').mockImplementation((bytes, from, to) => {
      work += to - from
      return utf8(plain(bytes), from, to)
    }),
    vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, source, at) {
      work += source.length
      set.call(this, plain(source as Uint8Array), at)
    }),
    vi.spyOn(DataView.prototype, 'getInt8').mockImplementation(function (this: DataView, at) {
      work += 1
      return getInt8.call(this, at)
    }),
    vi.spyOn(DataView.prototype, 'getInt16').mockImplementation(function (this: DataView, at, isLittle) {
      work += 2
      return getInt16.call(this, at, isLittle)
    }),
    vi.spyOn(DataView.prototype, 'getInt32').mockImplementation(function (this: DataView, at, isLittle) {
      work += 4
      return getInt32.call(this, at, isLittle)
    }),
    vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, searched: string, from = 0) {
      const at = indexOf.call(this, searched, from)
      work += (at === -1 ? this.length : at + 1) - from
      return at
    }),
    vi.spyOn(Array.prototype, 'join').mockImplementation(function (this: unknown[], separator) {
      const joined = join.call(this, separator)
      work += joined.length
      return joined
    }),
  ]
  const decoder = createEventDecoder()
  const nothing = () => {}
  for (const read of reads) decoder.push(count(read), nothing)
  for (const spy of spies) spy.mockRestore()
  return work
}

function* inReadsOf(size: number, stream: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += size) yield stream.subarray(at, at + size)
}

const utf8 = new TextEncoder()

const STREAMS: readonly (readonly [what: string, stream: (size: number) => string])[] = [
  ['one long line', (n) => `data: ${'x'.repeat(n)}\n\n`],
  ['one long line that is not ASCII', (n) => `data: ${'é'.repeat(n / 2)}\n\n`],
  ['one long line without a colon', (n) => `${'x'.repeat(n)}\n\n`],
  ['one long line that has no end', (n) => `id: ${'x'.repeat(n)}`],
  ['one long comment', (n) => `:${'x'.repeat(n)}\n`],
  ['lines that end in LF', (n) => 'data: x\n'.repeat(n / 8)],
  ['lines that end in CR', (n) => 'data: x\r'.repeat(n / 8)],
  ['lines that end in CRLF', (n) => 'data: x\r\n'.repeat(n / 9)],
  ['lines that end in LF, and one CR behind them', (n) => `${'data: x\n'.repeat(n / 8)}\r`],
  ['lines that end in LF, with a NUL behind them', (n) => `${'id: x\n'.repeat(n / 6)}\0`],
  ['empty lines of data', (n) => `${'data\n'.repeat(n / 5)}\n`],
  ['lines nobody knows', (n) => 'unknown\n'.repeat(n / 8)],
  ['events', (n) => 'data: some text\n\n'.repeat(n / 17)],
  ['events that are not ASCII', (n) => 'data: Grüße\n\n'.repeat(n / 15)],
  ['events with everything', (n) => 'event: a\nid: 1\ndata: b\ndata: c\n\n'.repeat(n / 34)],
  ['ticks', (n) => 'id: 1234\ndata: 5.6\n\n'.repeat(n / 20)],
  [
    'ticks, of which each has a long line',
    (n) => `id: 1\nid: 2\ndata: ${'x'.repeat(900)}\nid: 3\n\n`.repeat(Math.ceil(n / 921)),
  ],
  ['lines that fill more than half of a part', (n) => `data: ${'x'.repeat(4500)}\n\n`.repeat(Math.ceil(n / 4508))],
  [
    'lines of which one and a little more fill a part',
    (n) => `data: ${'x'.repeat(7500)}\n\n`.repeat(Math.ceil(n / 7508)),
  ],
  ['blank lines', (n) => '\n'.repeat(n)],
  ['CRs', (n) => '\r'.repeat(n)],
  ['types', (n) => 'event: a long type\n'.repeat(n / 19)],
]

/** Bytes of a part: a line that ends in CR is searched for a LF to the end of its part, and not further. */
const PART = 8128

/** Work for each byte of a stream of `length` bytes, and of one of twice as many. */
function growth(
  stream: (size: number) => string,
  length: number,
  size: number,
): readonly [once: number, twice: number] {
  const perByte = (bytes: Uint8Array) => workFor(inReadsOf(size, bytes)) / bytes.length
  return [perByte(utf8.encode(stream(length))), perByte(utf8.encode(stream(2 * length)))]
}

describe('twice the stream is no more than 2.5 times the work, and no byte is looked at over and over', () => {
  test.each([1, 2, 7, 23, 24, 64, 1000, PART, 65_536])('in reads of %i bytes', (size) => {
    for (const [what, stream] of STREAMS) {
      const [once, twice] = growth(stream, size > 64 ? 16_384 : size > 7 ? 4096 : 1024, size)
      expect((2 * twice) / once, what).toBeLessThan(2.5)
      expect(twice, what).toBeGreaterThanOrEqual(1) // or nothing was counted
      expect(twice, what).toBeLessThan(10)
    }
  })

  test.each([64, PART])('in lines of 128 and 256 KiB, in reads of %i bytes', (size) => {
    for (const [what, stream] of STREAMS.filter(([what]) => what.startsWith('one long'))) {
      const [once, twice] = growth(stream, 2 ** 17, size)
      expect((2 * twice) / once, what).toBeLessThan(2.5)
      expect(twice, what).toBeLessThan(10)
    }
  })
})
