import { createChunkedDecoder, createChunkedEncoder } from '@sse-from-scratch/chunked'
import type { BodyEvent } from '@sse-from-scratch/http-raw'
import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BODIES, NOT_BODIES } from './cases.ts'
import { bodyOf, bytes, type ReadBody, readBody } from './read-body.ts'

// What comes out of bytes that the decoder may overwrite: fewer pieces, and nothing else.

/** Decodes a copy of each read, into `events`, which also has what came before a refusal. */
function decodeInPlace(reads: Iterable<Uint8Array>, events: BodyEvent[] = []): BodyEvent[] {
  const decoder = createChunkedDecoder()
  const emit = (event: BodyEvent) => void events.push(event)
  for (const read of reads) decoder.push(new Uint8Array(read), emit, true)
  decoder.end(emit)
  return events
}

function readInPlace(reads: Iterable<Uint8Array>): ReadBody {
  return bodyOf(decodeInPlace(reads))
}

function dataIn(events: readonly BodyEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'data' ? [Buffer.from(event.data).toString('latin1')] : []))
}

function encode(pieces: readonly Uint8Array[]): Uint8Array {
  const encoder = createChunkedEncoder()
  return Buffer.concat([...pieces.flatMap((piece) => encoder.encode(piece)), ...encoder.end()])
}

describe('bodies, however they are cut into reads', () => {
  test.each(BODIES)('%s', (_, wire, data, trailers) => {
    for (const reads of everySplit(bytes(wire))) expect(readInPlace(reads)).toEqual({ data, trailers, last: 'end' })
  })
})

describe('refused, however it is cut into reads, after the same data', () => {
  test.each(NOT_BODIES)('%s: %j', (_, wire, code) => {
    for (const reads of everySplit(bytes(wire))) {
      const [before, events]: [BodyEvent[], BodyEvent[]] = [[], []]
      const decoder = createChunkedDecoder()
      const decode = () => {
        for (const read of reads) decoder.push(read, (event) => before.push(event))
        decoder.end((event) => before.push(event))
      }
      expect(decode).toThrow()
      expect(() => decodeInPlace(reads, events)).toThrow(expect.objectContaining({ code }))
      expect(dataIn(events).join('')).toBe(dataIn(before).join(''))
    }
  })
})

test('small chunks are one piece, also where one of them is cut or has an extension', () => {
  const [first, second] = [
    bytes('3\r\none\r\n4;a=b\r\n two\r\n6\r\n th'),
    bytes('ree\r\n5\r\n four\r\n0\r\nA: b\r\n\r\n'),
  ]
  const events = decodeInPlace([first, second])
  expect(dataIn(events)).toEqual(['one two th', 'ree four'])
  expect(events.map(({ kind }) => kind)).toEqual(['data', 'data', 'trailers', 'end'])
})

test('a large chunk is a piece of its own, and small ones behind it are joined to it', () => {
  const large = 'x'.repeat(5000)
  const wire = encode(['a', 'b', large, 'c', 'd'].map(bytes))
  expect(dataIn(decodeInPlace([wire]))).toEqual(['ab', `${large}cd`])
})

test('what was good before a refusal is handed on first', () => {
  const events: BodyEvent[] = []
  expect(() => decodeInPlace([bytes('4\r\ngood\r\n5\r\n news\r\n5 x')], events)).toThrow()
  expect(dataIn(events)).toEqual(['good news'])
})

test.each([false, true])(
  'whoever throws when given a piece is not given it again, and the decoder is broken (mayOverwrite: %s)',
  (mayOverwrite) => {
    const decoder = createChunkedDecoder()
    const given: string[] = []
    const emit = (event: BodyEvent) => {
      given.push(...dataIn([event]))
      throw new Error('enough')
    }
    const large = 'x'.repeat(5000)
    expect(() => decoder.push(encode(['a', large].map(bytes)), emit, mayOverwrite)).toThrow('enough')
    expect(given).toEqual(['a'])
    expect(() => decoder.push(bytes('0\r\n\r\n'), () => {})).toThrow('enough')
  },
)

test.each([false, true])(
  'the decoder is also broken if the last piece of a read is what is thrown about (mayOverwrite: %s)',
  (mayOverwrite) => {
    const decoder = createChunkedDecoder()
    const emit = () => {
      throw new Error('enough')
    }
    expect(() => decoder.push(new Uint8Array(bytes('1\r\na\r\n')), emit, mayOverwrite)).toThrow('enough')
    expect(() => decoder.push(bytes('0\r\n\r\n'), () => {})).toThrow('enough')
  },
)

test('pieces stay as they were handed on, whatever is decoded next', () => {
  const pieces = Array.from({ length: 500 }, (_, n) => bytes(`<${n}>`.repeat((n % 40) + 1)))
  const whole = encode(pieces)
  for (const size of [7, 100, 1000, 4096, whole.length]) {
    const reads = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
      whole.subarray(n * size, (n + 1) * size),
    )
    expect(dataIn(decodeInPlace(reads)).join('')).toBe(Buffer.concat(pieces).toString('latin1'))
  }
})

test('bytes that somebody else may have are left as they are', () => {
  const wire = new Uint8Array(encode(['one', 'two', 'three'].map(bytes)))
  const before = Buffer.from(wire).toString('latin1')
  createChunkedDecoder().push(wire, () => {})
  expect(Buffer.from(wire).toString('latin1')).toBe(before)
})

test('it is the same body, whatever the sizes and wherever the network cuts it', () => {
  const piece = fc.nat(6000).chain((size) => fc.integer({ min: 32, max: 126 }).map((code) => Buffer.alloc(size, code)))
  const cuts = fc.array(fc.nat(20_000), { maxLength: 12 })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), cuts, (pieces, places) => {
      const wire = encode(pieces)
      const ends = [...places.map((place) => Math.min(place, wire.length)).sort((a, b) => a - b), wire.length]
      const reads = ends.map((end, n) => wire.subarray(ends[n - 1] ?? 0, end))
      expect(readInPlace(reads)).toEqual(readBody([wire]))
    }),
  )
})
