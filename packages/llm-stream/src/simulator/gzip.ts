import { constants, createGzip } from 'node:zlib'

/** Compresses a body while it is being made (RFC 9110 §8.4.1.3). */
export interface Compressor {
  /** What there is to send after these bytes: everything so far, or nothing yet. */
  push(bytes: Uint8Array): Promise<Uint8Array>
  end(): Promise<Uint8Array>
}

/** With `flush` each piece can be read when it arrives; without, the compressor waits until it has enough. */
export function createCompressor(flush: boolean): Compressor {
  const gzip = createGzip()
  let made: Uint8Array[] = []
  gzip.on('data', (bytes: Uint8Array) => made.push(bytes))

  function take(): Uint8Array {
    const bytes = Buffer.concat(made)
    made = []
    return bytes
  }

  return {
    async push(bytes) {
      await new Promise((resolve) => gzip.write(bytes, resolve))
      if (flush) await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve))
      return take()
    },
    async end() {
      const ended = new Promise((resolve) => gzip.once('end', resolve))
      gzip.end()
      await ended
      return take()
    },
  }
}
