import type { Connection } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { FirstBytes, type FirstBytesReceiver } from './first-bytes.ts'
import type { RequestHead } from './head.ts'
import { createRequestHeadDecoder, type HeadDecoder } from './head-decoder.ts'
import { HeldBytes } from './held-bytes.ts'
import type { ServerSettings } from './server-options.ts'

/** Who waits for a request. Is told one of the two, once, and must not throw. */
export interface HeadReceiver {
  /** `null` if none comes: the client closes, is too slow to begin, or the server is closing. */
  onHead(head: RequestHead | null): void
  /** What came is not one, not all of one, or too slow to be. */
  onRefused(error: unknown): void
}

/**
 * What a client sends on one connection: a head, the bytes of its body, the next head.
 *
 * Refuses as the decoder and the connection do, and with `HTTP_TIMEOUT` for a head that takes too long.
 */
export class RequestSource implements FirstBytesReceiver {
  /** All of these: a body is read from here, between two heads. */
  readonly bytes: HeldBytes
  readonly #settings: ServerSettings
  readonly #heads: HeadDecoder<RequestHead>
  readonly #firstBytes: FirstBytes
  #decoded: RequestHead | undefined
  #inHead: boolean = false
  #over: boolean = false
  #receiver: HeadReceiver | undefined
  readonly #keep = (head: RequestHead) => {
    this.#decoded = head
  }

  constructor(connection: Connection, settings: ServerSettings) {
    this.bytes = new HeldBytes(connection)
    this.#settings = settings
    this.#heads = createRequestHeadDecoder(settings.limits)
    this.#firstBytes = new FirstBytes(connection, settings)
  }

  /** The next head, if all of it has arrived. Throws as the decoder does. */
  takeHead(): RequestHead | undefined {
    if (this.bytes.isEmpty) return undefined
    this.bytes.decodeHead(this.#heads, this.#keep)
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

  /** Resolves when no read of the connection is waiting any more. */
  async idle(): Promise<void> {
    await this.#firstBytes.idle()
    await this.bytes.idle()
  }

  /** No request is waited for from now on. */
  stop(): void {
    this.#over = true
    this.#firstBytes.stop()
  }

  /** Called by the wait for them. */
  onFirstBytes(bytes: Uint8Array | null): void {
    const receiver = this.#receiver as HeadReceiver
    if (bytes) this.bytes.unread(bytes)
    try {
      const head = bytes && !this.#over ? this.takeHead() : null
      if (head === undefined) this.#awaitRest(receiver)
      else receiver.onHead(head)
    } catch (error) {
      receiver.onRefused(error)
    }
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
      const bytes = await this.bytes.read()
      if (bytes === null) {
        this.#heads.end(this.#keep)
        return null
      }
      this.bytes.unread(bytes)
      const head = this.takeHead()
      if (head) return head
    }
    return null
  }
}
