import type { Connection, Receiver } from '@sse-from-scratch/tcp-echo'
import { Alarm } from './alarm.ts'
import type { ServerSettings } from './server-options.ts'

/**
 * The wait between two requests: the one in which no time but ours is lost.
 *
 * One at a time. All that it needs is made once a connection: a request costs no promise here, and no timer.
 */
export class FirstBytes implements Receiver {
  readonly #connection: Connection
  readonly #closing: AbortSignal | undefined
  #isClosing: boolean
  readonly #firstRequest: Alarm
  readonly #nextRequest: Alarm
  readonly #giveUp = () => this.#tell(null)
  readonly #onClosing = () => {
    this.#isClosing = true
    this.#giveUp()
  }
  #isFirst: boolean = true
  #waiting: ((bytes: Uint8Array | null) => void) | undefined
  #reading: boolean = false
  #onIdle: (() => void) | undefined

  constructor(connection: Connection, { headTimeout, keepAliveTimeout, closing }: ServerSettings) {
    this.#connection = connection
    this.#closing = closing
    this.#firstRequest = new Alarm(headTimeout, this.#giveUp)
    this.#nextRequest = new Alarm(keepAliveTimeout, this.#giveUp)
    this.#isClosing = closing?.aborted ?? false
    closing?.addEventListener('abort', this.#onClosing, { once: true })
  }

  /** The server is closing: noted when it happens, since to ask a signal with every request costs more. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  /**
   * Calls back with the first bytes to come, or with `null` if there will be none: the client closes, or is gone, which
   * between two requests is no loss and nobody's business; it is too slow to begin; or the server is closing.
   */
  wait(onBytes: (bytes: Uint8Array | null) => void): void {
    this.#waiting = onBytes
    if (this.#isClosing) this.#giveUp()
    else this.#read()
  }

  /** Resolves when the connection is not being read: a wait that was given up still reads. */
  async idle(): Promise<void> {
    if (!this.#reading) return
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve
    })
  }

  /** For good. */
  stop(): void {
    this.#firstRequest.cancel()
    this.#nextRequest.cancel()
    this.#closing?.removeEventListener('abort', this.#onClosing)
  }

  onBytes(bytes: Uint8Array | null): void {
    this.#reading = false
    this.#onIdle?.()
    if (this.#isFirst) this.#firstRequest.cancel()
    else this.#nextRequest.stop()
    this.#isFirst = false
    this.#tell(bytes)
  }

  onBroken(): void {
    this.onBytes(null)
  }

  #read(): void {
    this.#reading = true
    if (this.#isFirst) this.#firstRequest.start()
    else this.#nextRequest.start()
    if (this.#connection.receive) this.#connection.receive(this)
    else
      this.#connection.read().then(
        (bytes) => this.onBytes(bytes),
        () => this.onBroken(),
      )
  }

  #tell(bytes: Uint8Array | null): void {
    const onBytes = this.#waiting
    this.#waiting = undefined
    onBytes?.(bytes)
  }
}
