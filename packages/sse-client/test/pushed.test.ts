import { runInNewContext } from 'node:vm'
import { createEventDecoder, type EventStreamItem } from '@sse-from-scratch/sse-client'
import { describe, expect, test } from 'vitest'

const utf8 = new TextEncoder()

describe('push of what is no Uint8Array', () => {
  test.each<[string, unknown]>([
    ['a string', 'data: a\n\n'],
    ['a string of one character', 'd'],
    ['a number', 7],
    ['nothing', undefined],
    ['an ArrayBuffer', new ArrayBuffer(8)],
    ['an array of bytes', [0x64]],
  ])('%s is a TypeError that says what is wanted, and changes nothing', (_what, wrong) => {
    const decoder = createEventDecoder()
    const seen: EventStreamItem[] = []
    decoder.push(utf8.encode('data'), (item) => seen.push(item))
    expect(() => decoder.push(wrong as Uint8Array, (item) => seen.push(item))).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('Uint8Array') }),
    )
    decoder.push(utf8.encode(': a\n\n'), (item) => seen.push(item))
    expect(seen).toEqual([{ kind: 'event', event: { type: 'message', data: 'a', lastEventId: '' } }])
  })

  test('the text of a string is not in the error', () => {
    expect(() => createEventDecoder().push('a secret' as unknown as Uint8Array, () => {})).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})

test('a Uint8Array of another realm is one', () => {
  const foreign = runInNewContext('Uint8Array.from(bytes)', { bytes: [...utf8.encode('data: a\n\n')] }) as Uint8Array
  expect(foreign).not.toBeInstanceOf(Uint8Array)
  const seen: EventStreamItem[] = []
  expect(createEventDecoder().push(foreign, (item) => seen.push(item))).toBe(9)
  expect(seen).toHaveLength(1)
})
