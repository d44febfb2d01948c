import type { ReadItem } from '../proxy/item.ts'
import type { Direction } from '../span.ts'

/** Bytes of one direction of one connection that are kept to be explained, from its first one on. */
const MOST = 64 * 1024

/** The beginning of the connection that was used last, credentials as stars. */
export interface KeptBytes {
  take(read: ReadItem): void
  of(direction: Direction): Uint8Array
}

export function createKeptBytes(): KeptBytes {
  let connection: number | undefined
  let kept: Record<Direction, Uint8Array[]> = { up: [], down: [] }
  let sizes: Record<Direction, number> = { up: 0, down: 0 }

  function add(direction: Direction, bytes: Uint8Array): void {
    const part = bytes.subarray(0, MOST - sizes[direction])
    if (part.length === 0) return
    kept[direction].push(part)
    sizes[direction] += part.length
  }

  return {
    take(read) {
      if (read.connection !== connection && read.range[0] === 0) {
        connection = read.connection
        kept = { up: [], down: [] }
        sizes = { up: 0, down: 0 }
      }
      if (read.connection === connection && read.bytes) add(read.direction, read.bytes)
    },
    of: (direction) => Buffer.concat(kept[direction]),
  }
}
