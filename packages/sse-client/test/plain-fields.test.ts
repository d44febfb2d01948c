import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import * as plain from '../src/plain-fields.ts'

vi.mock('../src/plain-fields.ts', async (original) => {
  const { takePlainFields } = await original<typeof plain>()
  return { takePlainFields: vi.fn(takePlainFields) }
})
const shortcut = vi.mocked(plain.takePlainFields)

/** What is emitted, and the last event ID that whoever hears it finds in the decoder. */
function heard(reads: Iterable<Uint8Array>): unknown[] {
  const decoder = createEventDecoder()
  const seen: unknown[] = []
  const emit = (item: EventStreamItem) => seen.push([item, decoder.lastEventId])
  for (const read of reads) decoder.push(read, emit)
  decoder.end(emit)
  return [...seen, decoder.lastEventId, decoder.state]
}

const bytes = (text: string) => new TextEncoder().encode(text)
const oneByOne = (stream: Uint8Array) => Array.from(stream, (byte) => Uint8Array.of(byte))
const tick = (nth: number) => `id: ${nth}\ndata: ${nth % 7}.5\n\n`
const ticks = (count: number) => Array.from({ length: count }, (_, nth) => tick(nth))

const LINES = [
  'data', 'data:', 'data:x', 'data: ', 'data:  x', 'data : x', 'dat: x', 'dataa: x', 'Data: x', ' data: x', 'date: x',
  'id', 'id:', 'id:x', 'id: ', 'id:  x', 'id : x', 'ID: x', 'idd: x', 'id: a\0b', 'ie: x',
  'event', 'event:', 'event:x', 'event: ', 'event:  x', 'event: an-event-type', 'events: x', 'even: x', 'evenT: x',
  'retry: 5', 'retry: x', ': a comment', ':', '', 'x', 'data: \0', 'event: \0', '\0', 'data: é', 'id: 🎉', 'é',
  'data: 5\r', 'id: 5\r', '\r', 'data: 5\rdata: 6', 'data: \u{8a}\u{8b}', '\ufeffdata: x',
] // biome-ignore format: a list
const VALUES = Array.from({ length: 90 }, (_, size) => 'v'.repeat(size))

describe('a line among many short ones means what it means alone', () => {
  test.each([...LINES, ...VALUES.flatMap((value) => [`data: ${value}`, `id: ${value}`, `event: ${value}`])])(
    '%j',
    (line) => {
      shortcut.mockClear()
      for (const end of ['\n', '\n\n', '\ndata: behind\n\n']) {
        const stream = bytes([...ticks(8), line, end, ...ticks(8)].join(''))
        expect(heard([stream])).toEqual(heard(oneByOne(stream)))
      }
      const isPlain = !/[\0\u0080-\u{10ffff}]/u.test(line) // else the part is for the loop over lines
      expect(shortcut.mock.calls.length > 0).toBe(isPlain)
    },
  )
})

const LONG = 'x'.repeat(120)

test.each(['data: x', 'id: x', 'event: x', 'data: ', 'data', 'x', `data: ${LONG}`, `id: ${LONG}`, `event: ${LONG}`])(
  '%j may be cut anywhere behind ticks',
  (line) => {
    const stream = bytes([...ticks(10), line].join(''))
    for (let cut = stream.length - 200; cut <= stream.length; cut++) {
      const reads = [stream.subarray(0, cut), stream.subarray(cut), bytes('\n\n')]
      expect(heard(reads)).toEqual(heard(oneByOne(Buffer.concat(reads))))
    }
  },
)

test('who throws in the middle of ticks hears what is in a later read', () => {
  const decoder = createEventDecoder()
  const seen: string[] = []
  const failing = () => {
    throw new RangeError('enough')
  }
  expect(() => decoder.push(bytes(ticks(20).join('')), failing)).toThrow('enough')
  decoder.push(bytes('\n\ndata: later\n\n'), (item) => item.kind === 'event' && seen.push(item.event.data))
  expect(seen).toContain('later')
})

test('short lines in any order, in reads of any size, are what they are byte by byte', () => {
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.nat(1e6).map((n) => `id: ${n}\n`) },
    { weight: 6, arbitrary: fc.nat(1e6).map((n) => `data: ${n}\n\n`) },
    { weight: 2, arbitrary: fc.nat(1e6).map((n) => `event: t${n}\n`) },
    { weight: 1, arbitrary: fc.constantFrom(...LINES).map((text) => `${text}\n`) },
    { weight: 1, arbitrary: fc.constantFrom(...VALUES).map((text) => `data: ${text}\n\n`) },
  )
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 30, maxLength: 700 }),
      fc.integer({ min: 90, max: 20_000 }),
      (lines, size) => {
        const stream = bytes(lines.join(''))
        const reads: Uint8Array[] = []
        for (let at = 0; at < stream.length; at += size) reads.push(stream.subarray(at, at + size))
        expect(heard(reads)).toEqual(heard(oneByOne(stream)))
      },
    ),
    { numRuns: 150 },
  )
})
