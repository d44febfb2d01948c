import type { Connection } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { FirstBytes, type FirstBytesReceiver } from './first-bytes.ts'
import type { RequestHead } from './head.ts'
import type { HeadDecoder } from './head-decoder.ts'
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
export class RequestSource implements Pick<Connection, 'read' | 'unread'>, FirstBytesReceiver {
  readonly #connection: Connection
  readonly #settings: ServerSettings
  readonly #heads: HeadDecoder<RequestHead>
  readonly #firstBytes: FirstBytes
  #bytes: Uint8Array = EMPTY // of these, what is before #from has been decoded
  #from: number = 0
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
    this.#settings = settings
    this.#heads = createRequestHeadDecoder(settings.limits)
    this.#firstBytes = new FirstBytes(connection, settings)
  }

  /** The next head, if all of it has arrived. Throws as the decoder does. */
  takeHead(): RequestHead | undefined {
    if (!this.hasBytes()) return undefined
    this.#from += this.#heads.push(this.#bytes, this.#keep, this.#from)
    if (!this.hasBytes()) this.#hold(EMPTY) // a read is not kept for the sake of an idle connection
    const head = this.#decoded
    this.#decoded = undefined
    this.#inHead = head === undefined
    return head
  }

  /** Waits for one, when {@link takeHead} has none. */
  awaitHead(receiver: HeadReceiver): void {
    this.#receiver = receiver
    if (this.#inHead) this.#awaitRest(receiver)
    else this.#firstBytes.wait(this)
  }

  read(): Promise<Uint8Array | null> {
    if (this.hasBytes()) return Promise.resolve(this.#takeBytes())
    const read = this.#connection.read()
    this.#reading = read
    return read
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#hold(bytes)
  }

  /** Whether there are bytes that nobody has decoded yet. */
  hasBytes(): boolean {
    return this.#from < this.#bytes.length
  }

  /** The server is closing. */
  get isClosing(): boolean {
    return this.#settings.closing.isOn
  }

  /** Gives all that was not decoded back to the connection: it is not HTTP. */
  release(): void {
    this.#connection.unread(this.#takeBytes())
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

  /** Called by the wait for them. */
  onFirstBytes(bytes: Uint8Array | null): void {
    const receiver = this.#receiver as HeadReceiver
    this.#hold(bytes ?? EMPTY)
    try {
      const head = bytes && !this.#over ? this.takeHead() : null
      if (head === undefined) this.#awaitRest(receiver)
      else receiver.onHead(head)
    } catch (error) {
      receiver.onRefused(error)
    }
  }

  #hold(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#from = 0
  }

  #takeBytes(): Uint8Array {
    const bytes = this.#from === 0 ? this.#bytes : this.#bytes.subarray(this.#from)
    this.#hold(EMPTY)
    return bytes
  }

  #awaitRest(receiver: HeadReceiver): void {
    const { headTimeout } = this.#settings
    const late = () => tooSlow('the request head', 'headTimeout', headTimeout)
    before(this.#restOfHead(), headTimeout, late).then(
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
      this.#hold(bytes)
      const head = this.takeHead()
      if (head) return head
    }
    return null
  }
}
