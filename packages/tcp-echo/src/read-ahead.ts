import type { Receiver } from './connection.ts'

/** How many bytes may wait for a reader. */
export const READ_AHEAD: number = 64 * 1024

/** How many pieces may: 65,536 reads of one byte each would cost far more than 64 KiB. */
const MOST_PIECES = 1024

type Ending = { readonly kind: 'fin' } | { readonly kind: 'failed' | 'discarded'; readonly error: unknown }

const FIN: Ending = { kind: 'fin' }

const NOTHING: Uint8Array[] = [] // never changed

/**
 * What has arrived in one direction and nobody has read yet, and how that direction ends.
 *
 * A class, as is everything here that each connection has one of: in objects of closures, ten thousand idle connections
 * would hold twice the memory (`npm run bench:fanout -- --only idle`).
 */
export class ReadAhead {
  #pieces: Uint8Array[] = NOTHING // an array of its own keeps room for seventeen once it has held one
  #size: number = 0
  #ending: Ending | undefined
  #waiting: Receiver | undefined // only while there is neither a piece nor an ending to give it

  get size(): number {
    return this.#size
  }

  /** True when it is time to stop taking bytes from the network, so that the peer's window closes (RFC 9293 §3.8.6). */
  get full(): boolean {
    return this.#size >= READ_AHEAD || this.#pieces.length >= MOST_PIECES
  }

  /** `mayOverwrite` as in {@link Receiver}: forgotten where nobody waits for the bytes. */
  push(bytes: Uint8Array, mayOverwrite: boolean = false): void {
    if (bytes.length === 0 || this.#ending) return
    const receiver = this.#takeReceiver()
    if (receiver) {
      receiver.onBytes(bytes, mayOverwrite)
      return
    }
    this.#own().push(bytes)
    this.#size += bytes.length
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#ending?.kind === 'discarded') return
    const receiver = this.#takeReceiver()
    if (receiver) {
      receiver.onBytes(bytes)
      return
    }
    this.#own().unshift(bytes)
    this.#size += bytes.length
  }

  /** As in {@link Connection}, and so is {@link receive}. */
  read(): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => this.receive({ onBytes: resolve, onBroken: reject }))
  }

  receive(receiver: Receiver): void {
    const bytes = this.#take()
    const ending = this.#ending
    if (this.#waiting) receiver.onBroken(new TypeError('another read() of this connection is still waiting'))
    else if (bytes) receiver.onBytes(bytes)
    else if (!ending) this.#waiting = receiver
    else if (ending.kind === 'fin') receiver.onBytes(null)
    else receiver.onBroken(ending.error)
  }

  /** The peer sent FIN. */
  end(): void {
    this.#ending ??= FIN
    this.#takeReceiver()?.onBytes(null)
  }

  /** The connection broke: readers still get what had arrived, then `error`. */
  fail(error: unknown): void {
    if (!this.#ending) this.#break({ kind: 'failed', error })
  }

  /** We gave up: readers get `error` now, and what had arrived is gone. */
  discard(error: unknown): void {
    this.#pieces = NOTHING
    this.#size = 0
    this.#break({ kind: 'discarded', error }) // also after a FIN: nobody shall take what is left for a whole
  }

  #own(): Uint8Array[] {
    if (this.#pieces === NOTHING) this.#pieces = []
    return this.#pieces
  }

  /** The oldest piece, if there is one. */
  #take(): Uint8Array | undefined {
    const bytes = this.#pieces.shift()
    if (bytes === undefined) return undefined
    this.#size -= bytes.length
    if (this.#pieces.length === 0) this.#pieces = NOTHING
    return bytes
  }

  #break(how: Ending & { readonly error: unknown }): void {
    this.#ending = how
    this.#takeReceiver()?.onBroken(how.error)
  }

  /** Who waits, if anybody does. It is forgotten at once, so that it may wait again. */
  #takeReceiver(): Receiver | undefined {
    const receiver = this.#waiting
    this.#waiting = undefined
    return receiver
  }
}
