import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { HeadDecoder } from './head-decoder.ts'

const EMPTY = new Uint8Array(0)

/**
 * The bytes of one connection: first those that are here and nobody has decoded yet, then those to come. Whoever decodes
 * takes what is its own, a head or a body, and leaves the rest of a read to the next.
 */
export class HeldBytes implements Pick<Connection, 'read' | 'unread'> {
  readonly #connection: Connection
  #bytes: Uint8Array = EMPTY // of these, what is before #from has been decoded
  #from: number = 0
  #reading: Promise<unknown> | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Nothing is here, and whoever wants some has to wait. */
  get isEmpty(): boolean {
    return this.#from >= this.#bytes.length
  }

  read(): Promise<Uint8Array | null> {
    if (!this.isEmpty) return Promise.resolve(this.#takeAll())
    const read = this.#connection.read()
    this.#reading = read
    return read
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#hold(bytes)
  }

  /** Has a head decoded of what is here. Throws as the decoder does. */
  decodeHead<Head>(decoder: HeadDecoder<Head>, emit: (head: Head) => void): void {
    this.#from += decoder.push(this.#bytes, emit, this.#from)
    if (this.isEmpty) this.#hold(EMPTY) // a read is not kept for the sake of an idle connection
  }

  /** Gives all that was not decoded back to the connection: it is not HTTP. */
  release(): void {
    this.#connection.unread(this.#takeAll())
  }

  /** Resolves when no {@link read} is waiting any more; `undefined` if there was none. */
  idle(): Promise<unknown> | undefined {
    return this.#reading?.catch(() => {})
  }

  #hold(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#from = 0
  }

  #takeAll(): Uint8Array {
    const bytes = this.#from === 0 ? this.#bytes : this.#bytes.subarray(this.#from)
    this.#hold(EMPTY)
    return bytes
  }
}
