/** What has arrived in one direction and nobody has read yet, and how that direction ends. */
export interface ReadAhead {
  readonly size: number
  /** True when it is time to stop taking bytes from the network, so that the peer's window closes (RFC 9293 §3.8.6). */
  readonly full: boolean
  push(bytes: Uint8Array): void
  unread(bytes: Uint8Array): void
  read(): Promise<Uint8Array | null>
  /** The peer sent FIN. */
  end(): void
  /** The connection broke: readers still get what had arrived, then `error`. */
  fail(error: unknown): void
  /** We gave up: readers get `error` now, and what had arrived is gone. */
  discard(error: unknown): void
}

/** How many bytes may wait for a reader. */
export const READ_AHEAD: number = 64 * 1024

/** How many pieces may: 65,536 reads of one byte each would cost far more than 64 KiB. */
const MOST_PIECES = 1024

type Ending = { readonly kind: 'fin' } | { readonly kind: 'failed' | 'discarded'; readonly error: unknown }

interface Reader {
  resolve(bytes: Uint8Array | null): void
  reject(error: unknown): void
}

/** `onTaken` runs after each piece that a reader took: there may be room again. */
export function createReadAhead(onTaken: () => void): ReadAhead {
  const pieces: Uint8Array[] = []
  let size = 0
  let ending: Ending | undefined
  let waiting: Reader | undefined // only while there is neither a piece nor an ending to give it

  /** The reader who waits, if any. It is forgotten at once, so that it may read again. */
  function takeReader(): Reader | undefined {
    const reader = waiting
    waiting = undefined
    return reader
  }

  function fail(how: Ending & { readonly error: unknown }): void {
    ending = how
    takeReader()?.reject(how.error)
  }

  return {
    get size() {
      return size
    },
    get full() {
      return size >= READ_AHEAD || pieces.length >= MOST_PIECES
    },
    push(bytes) {
      if (bytes.length === 0 || ending) return
      const reader = takeReader()
      if (reader) return reader.resolve(bytes)
      pieces.push(bytes)
      size += bytes.length
    },
    unread(bytes) {
      if (bytes.length === 0 || ending?.kind === 'discarded') return
      const reader = takeReader()
      if (reader) return reader.resolve(bytes)
      pieces.unshift(bytes)
      size += bytes.length
    },
    read() {
      if (waiting) return Promise.reject(new TypeError('another read() of this connection is still waiting'))
      const bytes = pieces.shift()
      if (bytes) {
        size -= bytes.length
        onTaken()
        return Promise.resolve(bytes)
      }
      if (ending) return ending.kind === 'fin' ? Promise.resolve(null) : Promise.reject(ending.error)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    end() {
      ending ??= { kind: 'fin' }
      takeReader()?.resolve(null)
    },
    fail(error) {
      if (!ending) fail({ kind: 'failed', error })
    },
    discard(error) {
      pieces.length = 0
      size = 0
      fail({ kind: 'discarded', error }) // also after a FIN: nobody shall take what is left for a whole
    },
  }
}
