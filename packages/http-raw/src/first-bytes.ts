import type { Connection, Receiver } from '@sse-from-scratch/tcp-echo'
import { Alarm } from './alarm.ts'
import type { ClosingReceiver } from './closing.ts'
import type { ServerSettings } from './server-options.ts'

/** Who waits for a request. Must not throw. */
export interface FirstBytesReceiver {
  onFirstBytes(bytes: Uint8Array | null): void
}

/**
 * The wait between two requests: the one in which no time but ours is lost.
 *
 * One at a time. All that it needs is made once a connection: a request costs no promise here, and no timer.
 */
export class FirstBytes implements Receiver, ClosingReceiver {
  readonly #connection: Connection
  readonly #settings: ServerSettings
  #alarm: Alarm | undefined // of the wait for the first request until that is here, then of all others
  #isFirst: boolean = true
  #waiting: FirstBytesReceiver | undefined
  #reading: boolean = false
  #onIdle: (() => void) | undefined

  constructor(connection: Connection, settings: ServerSettings) {
    this.#connection = connection
    this.#settings = settings
    settings.closing.add(this)
  }

  /**
   * Calls back with the first bytes to come, or with `null` if there will be none: the client closes, or is gone, which
   * between two requests is no loss and nobody's business; it is too slow to begin; or the server is closing.
   */
  wait(receiver: FirstBytesReceiver): void {
    this.#waiting = receiver
    if (this.#settings.closing.isOn) this.#tell(null)
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
    this.#alarm?.cancel()
    this.#settings.closing.delete(this)
  }

  onClosing(): void {
    this.#tell(null)
  }

  onBytes(bytes: Uint8Array | null): void {
    this.#reading = false
    this.#onIdle?.()
    if (this.#isFirst) this.#endFirst()
    else this.#alarm?.stop()
    this.#tell(bytes)
  }

  onBroken(): void {
    this.onBytes(null)
  }

  #read(): void {
    this.#reading = true
    this.#alarm ??= this.#newAlarm()
    this.#alarm.start()
    if (this.#connection.receive) this.#connection.receive(this)
    else
      this.#connection.read().then(
        (bytes) => this.onBytes(bytes),
        () => this.onBroken(),
      )
  }

  #newAlarm(): Alarm {
    const { headTimeout, keepAliveTimeout } = this.#settings
    return new Alarm(this.#isFirst ? headTimeout : keepAliveTimeout, () => this.#tell(null))
  }

  /** Many a connection has one request that never ends, and no second wait. */
  #endFirst(): void {
    this.#isFirst = false
    this.#alarm?.cancel()
    this.#alarm = undefined
  }

  #tell(bytes: Uint8Array | null): void {
    const receiver = this.#waiting
    this.#waiting = undefined
    receiver?.onFirstBytes(bytes)
  }
}
