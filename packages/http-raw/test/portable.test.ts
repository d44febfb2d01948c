import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { latin1, portableLatin1, portableToLatin1, toLatin1 } from '../src/latin1.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe('latin1 where there is no Buffer', () => {
  const every = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) % 256)

  test('is the same text and the same bytes as where there is one', () => {
    for (const [start, end] of [
      [0, 20_000],
      [0, 0],
      [3, 4096],
      [4095, 8193],
    ] as const) {
      expect(portableLatin1(every, start, end)).toBe(latin1(every, start, end))
    }
    expect(portableToLatin1(latin1(every))).toEqual(new Uint8Array(toLatin1(latin1(every))))
    expect(portableToLatin1('\u{10d}\u{10a}')).toEqual(Uint8Array.of(0x0d, 0x0a)) // the upper bits are dropped, as Buffer does
  })
})

test('the pure entry needs nothing that only Node has', async () => {
  vi.resetModules()
  for (const name of ['Buffer', 'setImmediate']) vi.stubGlobal(name, undefined)
  vi.stubGlobal('process', { platform: process.platform }) // all that the test runner looks at to find another package
  const { createRequestDecoder, encodeRequestHead, Fields } = await import('../src/pure.ts')
  const head = { method: 'GET', target: '/', version: '1.1', fields: new Fields({ Host: 'a', Name: '\xe9' }) } as const
  const seen: unknown[] = []
  for (const reads of everySplit(encodeRequestHead(head))) {
    const decoder = createRequestDecoder()
    for (const read of reads) {
      decoder.push(read, (event) => seen.push(event.kind === 'head' ? event.head.fields.get('name') : event.kind))
    }
  }
  vi.unstubAllGlobals()
  expect(new Set(seen)).toEqual(new Set(['\xe9', 'end']))
})
