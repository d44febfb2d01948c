import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { decodeAll } from '@sse-from-scratch/tcp-echo/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { text } from '../src/text.ts'

afterEach(() => vi.restoreAllMocks())

const bytes = (text: string) => new TextEncoder().encode(text)
const dataIn = (reads: readonly Uint8Array[]) =>
  decodeAll<EventStreamItem>(createEventDecoder(), reads).map((item) => item.kind === 'event' && item.event.data)

/** Events of 64 bytes, 3 KiB of them: `foreign` begins at byte `at`, in the middle of some value. */
function eventsWith(foreign: string, at: number): { readonly values: string[]; readonly stream: Uint8Array } {
  const event = (nth: number) => {
    const value = `${nth}`.padEnd(56, '.')
    const inside = at - nth * 64 - 'data: '.length
    return inside < 0 || inside >= 56 ? value : value.slice(0, inside) + foreign + value.slice(inside)
  }
  const values = Array.from({ length: 48 }, (_, nth) => event(nth))
  return { values, stream: bytes(values.map((value) => `data: ${value}\n\n`).join('')) }
}

describe('one character that is not ASCII, near the edge of a step', () => {
  test.each([1024, 2048])('at %i, is the character that it is, and no other value changes', (edge) => {
    for (const foreign of ['é', '€', '🎉'])
      for (let at = edge - 66; at < edge + 66; at++) {
        const { values, stream } = eventsWith(foreign, at)
        expect(dataIn([stream]), `${foreign} at ${at}`).toEqual(values)
      }
  })
})

test('the values of a part are decoded where they are not ASCII, and not for others of the part', () => {
  const { values, stream } = eventsWith('é', 1100)
  const decoded = vi.spyOn(text, 'utf8')
  expect(dataIn([stream])).toEqual(values)
  expect(decoded.mock.calls.length).toBeGreaterThan(0)
  expect(decoded.mock.calls.length).toBeLessThanOrEqual(1024 / 64 + 1) // those of one step
})

test('a part with two such steps is looked at no further, and every value is what it is', () => {
  const values = Array.from({ length: 48 }, (_, nth) =>
    (nth === 1 || nth === 20 || nth === 40 ? 'é' : `${nth}`).padEnd(56, '.'),
  )
  const stream = bytes(values.map((value) => `data: ${value}\n\n`).join(''))
  const looked = vi.spyOn(text, 'isAscii')
  expect(dataIn([stream])).toEqual(values)
  expect(looked.mock.calls.map(([part]) => part.length)).toEqual([stream.length, 1024, 1024])
})

test('a value over several steps, of which one is not ASCII, is decoded', () => {
  const value = `${'x'.repeat(1500)}é${'x'.repeat(1500)}`
  expect(dataIn([bytes(`data: ${value}\n\ndata: behind\n\n`)])).toEqual([value, 'behind'])
})
