import type { Receiver } from './connection.ts'

/** What has arrived in one direction and nobody has read yet, and how that direction ends. */
export interface ReadAhead {
  readonly size: number
  /** True when it is time to stop taking bytes from the network, so that the peer's window closes (RFC 9293 §3.8.6). */
  readonly full: boolean
  push(bytes: Uint8Array): void
  unread(bytes: Uint8Array): void
  /** As in {@link Connection}, and so is `receive`. */
  read(): Promise<Uint8Array | null>
  receive(receiver: Receiver): void
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

/** `onTaken` runs after each piece that a reader took: there may be room again. */
export function createReadAhead(onTaken: () => void): ReadAhead {
  const pieces: Uint8Array[] = []
  let size = 0
  let ending: Ending | undefined
  let waiting: Receiver | undefined // only while there is neither a piece nor an ending to give it

  /** Who waits, if anybody does. It is forgotten at once, so that it may wait again. */
  function takeReceiver(): Receiver | undefined {
    const receiver = waiting
    waiting = undefined
    return receiver
  }

  function receive(receiver: Receiver): void {
    const bytes = pieces.shift()
    if (waiting) receiver.onBroken(new TypeError('another read() of this connection is still waiting'))
    else if (bytes) {
      size -= bytes.length
      onTaken()
      receiver.onBytes(bytes)
    } else if (!ending) waiting = receiver
    else if (ending.kind === 'fin') receiver.onBytes(null)
    else receiver.onBroken(ending.error)
  }

  function fail(how: Ending & { readonly error: unknown }): void {
    ending = how
    takeReceiver()?.onBroken(how.error)
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
      const receiver = takeReceiver()
      if (receiver) return receiver.onBytes(bytes)
      pieces.push(bytes)
      size += bytes.length
    },
    unread(bytes) {
      if (bytes.length === 0 || ending?.kind === 'discarded') return
      const receiver = takeReceiver()
      if (receiver) return receiver.onBytes(bytes)
      pieces.unshift(bytes)
      size += bytes.length
    },
    read: () => new Promise((resolve, reject) => receive({ onBytes: resolve, onBroken: reject })),
    receive,
    end() {
      ending ??= { kind: 'fin' }
      takeReceiver()?.onBytes(null)
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
