import type { Connection, Decoder } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { FirstBytes } from './first-bytes.ts'
import type { RequestHead } from './head.ts'
import { createRequestHeadDecoder } from './head-grammar.ts'
import type { ServerSettings } from './server-options.ts'

/** Who waits for a request. Is told one of the two, once, and must not throw. */
export interface HeadReceiver {
  /** `null` if none comes: the client closes, is too slow to begin, or the server is closing. */
  onHead(head: RequestHead | null): void
  /** What came is not one, not all of one, or too slow to be. */
  onRefused(error: unknown): void
}

const EMPTY = new Uint8Array(0)

/**
 * What a client sends on one connection: a head, the bytes of its body, the next head.
 *
 * Refuses as the decoder and the connection do, and with `HTTP_TIMEOUT` for a head that takes too long.
 */
export class RequestSource implements Pick<Connection, 'read' | 'unread'> {
  readonly #connection: Connection
  readonly #headTimeout: number
  readonly #heads: Decoder<RequestHead>
  readonly #firstBytes: FirstBytes
  #undecoded: Uint8Array = EMPTY
  #decoded: RequestHead | undefined
  #inHead: boolean = false
  #reading: Promise<unknown> | undefined
  #over: boolean = false
  #receiver: HeadReceiver | undefined
  readonly #keep = (head: RequestHead) => {
    this.#decoded = head
  }

  constructor(connection: Connection, settings: ServerSettings) {
    this.#connection = connection
    this.#headTimeout = settings.headTimeout
    this.#heads = createRequestHeadDecoder(settings.limits)
    this.#firstBytes = new FirstBytes(connection, settings)
  }

  /** The next head, if all of it has arrived. Throws as the decoder does. */
  takeHead(): RequestHead | undefined {
    const undecoded = this.#undecoded
    if (undecoded.length === 0) return undefined
    const taken = this.#heads.push(undecoded, this.#keep)
    this.#undecoded = taken === undecoded.length ? EMPTY : undecoded.subarray(taken)
    const head = this.#decoded
    this.#decoded = undefined
    this.#inHead = head === undefined
    return head
  }

  /** Waits for one, when {@link takeHead} has none. */
  awaitHead(receiver: HeadReceiver): void {
    this.#receiver = receiver
    if (this.#inHead) this.#awaitRest(receiver)
    else this.#firstBytes.wait(this.#onFirstBytes)
  }

  read(): Promise<Uint8Array | null> {
    if (this.#undecoded.length > 0) {
      const bytes = this.#undecoded
      this.#undecoded = EMPTY
      return Promise.resolve(bytes)
    }
    const read = this.#connection.read()
    this.#reading = read
    return read
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#undecoded = bytes
  }

  /** Whether there are bytes that nobody has decoded yet. */
  hasBytes(): boolean {
    return this.#undecoded.length > 0
  }

  /** Gives all that was not decoded back to the connection: it is not HTTP. */
  release(): void {
    this.#connection.unread(this.#undecoded)
    this.#undecoded = EMPTY
  }

  /** Resolves when no read of the connection is waiting any more. */
  async idle(): Promise<void> {
    await this.#firstBytes.idle()
    await this.#reading?.catch(() => {})
  }

  /** No request is waited for from now on. */
  stop(): void {
    this.#over = true
    this.#firstBytes.stop()
  }

  readonly #onFirstBytes = (bytes: Uint8Array | null): void => {
    const receiver = this.#receiver as HeadReceiver
    this.#undecoded = bytes ?? EMPTY
    try {
      const head = bytes && !this.#over ? this.takeHead() : null
      if (head === undefined) this.#awaitRest(receiver)
      else receiver.onHead(head)
    } catch (error) {
      receiver.onRefused(error)
    }
  }

  #awaitRest(receiver: HeadReceiver): void {
    const late = () => tooSlow('the request head', 'headTimeout', this.#headTimeout)
    before(this.#restOfHead(), this.#headTimeout, late).then(
      (head) => receiver.onHead(head),
      (error) => receiver.onRefused(error),
    )
  }

  async #restOfHead(): Promise<RequestHead | null> {
    while (!this.#over) {
      const bytes = await this.read()
      if (bytes === null) {
        this.#heads.end(this.#keep)
        return null
      }
      this.#undecoded = bytes
      const head = this.takeHead()
      if (head) return head
    }
    return null
  }
}
