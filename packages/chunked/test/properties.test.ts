import { createChunkedDecoder, createChunkedEncoder } from '@sse-from-scratch/chunked'
import { type BodyEvent, Fields } from '@sse-from-scratch/http-raw'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyOf, bytes, readBody } from './read-body.ts'

const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 })
const cuts = fc.array(fc.nat(4000), { maxLength: 12 })
const trailers = fc.constantFrom(undefined, new Fields({ Done: 'yes' }), new Fields({ A: '1', B: '2' }))

function encode(body: readonly Uint8Array[], fields?: Fields): Uint8Array {
  const encoder = createChunkedEncoder()
  return Buffer.concat([...body.flatMap((piece) => encoder.encode(piece)), ...encoder.end(fields)])
}

function cutAt(wire: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => Math.min(place, wire.length)).sort((a, b) => a - b)
  return [...sorted, wire.length].map((end, i) => wire.subarray(sorted[i - 1] ?? 0, end))
}

/** All that comes out before the decoder refuses, and whether it did; of copies that it may overwrite, if `mayOverwrite`. */
function decodeUntilRefused(reads: readonly Uint8Array[], mayOverwrite = false): { data: string; refused: boolean } {
  const decoder = createChunkedDecoder()
  const events: BodyEvent[] = []
  const emit = (event: BodyEvent) => void events.push(event)
  let refused = false
  try {
    for (const read of reads) decoder.push(mayOverwrite ? new Uint8Array(read) : read, emit, mayOverwrite)
    decoder.end(emit)
  } catch {
    refused = true
  }
  return { data: bodyOf(events).data, refused }
}

test('what was encoded is what is decoded, wherever the network cuts it', () => {
  fc.assert(
    fc.property(pieces, trailers, cuts, (body, fields, places) => {
      const data = Buffer.concat(body).toString('latin1')
      const reads = cutAt(encode(body, fields), places)
      expect(readBody(reads)).toEqual({ data, trailers: String(fields ?? ''), last: 'end' })
    }),
  )
})

test('bytes that follow a body are left alone, wherever the network cuts it', () => {
  fc.assert(
    fc.property(pieces, fc.uint8Array({ minLength: 1, maxLength: 50 }), cuts, (body, next, places) => {
      const wire = encode(body)
      const decoder = createChunkedDecoder()
      const taken = cutAt(Buffer.concat([wire, next]), places).map((read) => decoder.push(read, () => {}))
      expect(taken.reduce((sum, count) => sum + count, 0)).toBe(wire.length)
    }),
  )
})

const mutation = fc.record({
  at: fc.nat(4000),
  remove: fc.nat(3),
  insert: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom('\r', '\n', '\r\n', '0', ';', '"', ' ').map(bytes)),
})

/**
 * Data is only ever what stands on the wire between the framing: each piece must be found there, in order, whatever was
 * done to the sizes. (Which of the bytes are data a changed size may well decide otherwise. That is no fault.)
 */
function isSubsequence(data: string, wire: string): boolean {
  let at = 0
  for (const character of data) {
    at = wire.indexOf(character, at) + 1
    if (at === 0) return false
  }
  return true
}

test('a damaged body never yields bytes that were not on the wire, and the cuts make no difference', () => {
  fc.assert(
    fc.property(pieces, trailers, cuts, mutation, (body, fields, places, { at, remove, insert }) => {
      const whole = encode(body, fields)
      const place = at % (whole.length + 1)
      const wire = Buffer.concat([whole.subarray(0, place), insert, whole.subarray(place + remove)])
      const result = decodeUntilRefused([wire])
      expect(isSubsequence(result.data, wire.toString('latin1'))).toBe(true)
      expect(decodeUntilRefused(cutAt(wire, places))).toEqual(result)
      expect(decodeUntilRefused(cutAt(wire, places), true)).toEqual(result)
      expect(decodeUntilRefused(Array.from(wire, (byte) => Uint8Array.of(byte)))).toEqual(result)
    }),
    { numRuns: 500 },
  )
})

test('bytes that were never a chunked body end in a refusal or an end, and the cuts make no difference', () => {
  const noise = fc.array(
    fc.constantFrom('\r\n', '\r', '\n', '0', '1', '5', 'f', ';', '=', '"', ' ', 'a', ':', '\\', '\0'),
  )
  fc.assert(
    fc.property(noise, (elements) => {
      const wire = bytes(elements.join(''))
      expect(decodeUntilRefused(Array.from(wire, (byte) => Uint8Array.of(byte)))).toEqual(decodeUntilRefused([wire]))
    }),
    { numRuns: 2000 },
  )
})
