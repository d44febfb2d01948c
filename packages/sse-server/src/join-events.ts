import type { EncodedEvent } from './encode.ts'

/** Events of `size` bytes in all, one behind the other. The bytes of a single one are as good as a copy of them. */
export function joinEvents(events: readonly EncodedEvent[], size: number): Uint8Array {
  const [first] = events
  if (first && events.length === 1) return first.bytes
  const all = new Uint8Array(size)
  let at = 0
  for (const { bytes } of events) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}
