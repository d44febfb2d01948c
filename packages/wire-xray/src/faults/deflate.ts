import { constants, crc32, deflateRawSync } from 'node:zlib'
import { joined } from '../joined.ts'

/** Compresses content as it comes (RFC 1952). */
export interface Gzip {
  /** In front of everything. */
  readonly header: Uint8Array
  /** These bytes, compressed as far as they go: whoever gets them can read them. */
  push(bytes: Uint8Array): Uint8Array
  end(): Uint8Array
}

/** Method 8, no flags, no time, Unix (RFC 1952 §2.3). */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)
/** An empty block that says it is the last (RFC 1951 §3.2.6). */
const LAST_BLOCK = Uint8Array.of(3, 0)

/**
 * Each piece is deflated by itself, up to a sync flush: blocks one after the other are a stream again (RFC 1951 §3.2.3).
 * It compresses worse than a stream would, and needs no promise.
 */
export function createGzip(): Gzip {
  let checksum = 0
  let size = 0
  return {
    header: HEADER,
    push(bytes) {
      if (bytes.length === 0) return bytes
      checksum = crc32(bytes, checksum)
      size += bytes.length
      return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
    },
    end() {
      const trailer = new DataView(new ArrayBuffer(8))
      trailer.setUint32(0, checksum, true)
      trailer.setUint32(4, size % 2 ** 32, true)
      return joined([LAST_BLOCK, new Uint8Array(trailer.buffer)])
    },
  }
}
