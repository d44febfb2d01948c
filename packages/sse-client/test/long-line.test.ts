import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { expect, test } from 'vitest'

const MIB = 1024 * 1024

/** How many times as long twice as much takes is a row of `npm run bench:parse -- --full`. */
test('a line of 16 MiB that comes byte by byte is one event', () => {
  const decoder = createEventDecoder({ maxEventSize: 17 * MIB })
  const byte = Uint8Array.of(0x78)
  decoder.push(Buffer.from('data:'), () => {})
  for (let at = 0; at < 16 * MIB; at++) decoder.push(byte, () => {})
  const lengths: number[] = []
  decoder.push(Buffer.from('\n\n'), (item) => item.kind === 'event' && lengths.push(item.event.data.length))
  expect(lengths).toEqual([16 * MIB])
}, 60_000)
