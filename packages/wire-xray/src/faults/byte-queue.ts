import { joined } from '../joined.ts'

/** Bytes that wait, in order. None is copied before it is taken. */
export interface ByteQueue {
  readonly size: number
  push(bytes: Uint8Array): void
  /** The first `size` bytes, or all there are. */
  take(size: number): Uint8Array
}

export function createByteQueue(): ByteQueue {
  let pieces: Uint8Array[] = []
  let size = 0
  return {
    get size() {
      return size
    },
    push(bytes) {
      if (bytes.length > 0) pieces.push(bytes)
      size += bytes.length
    },
    take(wanted) {
      const all = wanted >= size ? joined(pieces) : joined(pieces.splice(0, countFor(pieces, wanted)))
      const taken = all.subarray(0, wanted)
      const rest = all.subarray(wanted)
      if (wanted >= size) pieces = []
      else if (rest.length > 0) pieces.unshift(rest)
      size -= taken.length
      return taken
    },
  }
}

/** How many pieces it takes to have so many bytes. */
function countFor(pieces: readonly Uint8Array[], wanted: number): number {
  let count = 0
  for (let size = 0; size < wanted; count++) size += pieces[count]?.length ?? wanted
  return count
}
