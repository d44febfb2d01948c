import { hexDigit } from './chunk-size.ts'
import type { JoinedData } from './joined-data.ts'
import { CR, LF } from './octets.ts'

const MOST_DIGITS = 6 // 16 MiB: more than one read holds

/**
 * A shortcut, and nothing but: takes the chunks that lie whole in `bytes` from `at` on, and returns where they stop.
 *
 * Whatever is cut, unusual or wrong is left to the states of the decoder, which would have taken the rest as well, in
 * twice the time. Delete this file and its one call, and every test still passes.
 */
export function takeWholeChunks(
  bytes: Uint8Array,
  at: number,
  body: { size: number },
  bodyLimit: number,
  data: JoinedData,
): number {
  const { length } = bytes
  let next = at
  for (;;) {
    let size = 0
    let start = next
    for (let digits = 0; digits < MOST_DIGITS && start < length; digits++, start++) {
      const digit = hexDigit(bytes[start] as number)
      if (digit === -1) break
      size = size * 16 + digit
    }
    start += 2
    const end = start + size
    if (size === 0 || end + 2 > length || body.size + size > bodyLimit) return next
    if (bytes[start - 2] !== CR || bytes[start - 1] !== LF || bytes[end] !== CR || bytes[end + 1] !== LF) return next
    body.size += size
    next = end + 2
    data.add(start, end)
  }
}
