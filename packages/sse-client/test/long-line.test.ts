import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { expect, test, vi } from 'vitest'

const MIB = 1024 * 1024

/** How many times as long twice as much takes is a row of `npm run bench:parse -- --full`. */
test('a line of 64 MiB that comes byte by byte is one event, and is copied no more than twice', () => {
  const copied = vi.spyOn(Uint8Array.prototype, 'set')
  const decoder = createEventDecoder({ maxEventSize: 65 * MIB })
  const byte = Uint8Array.of(0x78)
  const lengths: number[] = []
  decoder.push(Buffer.from('data:'), () => {})
  for (let at = 0; at < 64 * MIB; at++) decoder.push(byte, () => {})
  const copies = copied.mock.calls.reduce((sum, [source]) => sum + source.length, 0)
  copied.mockRestore()
  decoder.push(Buffer.from('\n\n'), (item) => item.kind === 'event' && lengths.push(item.event.data.length))
  expect(lengths).toEqual([64 * MIB])
  expect(copies).toBeGreaterThan(32 * MIB)
  expect(copies).toBeLessThan(2 * 64 * MIB)
}, 300_000)
