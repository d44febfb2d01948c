/** Who is told that the server is closing. */
export interface ClosingReceiver {
  onClosing(): void
}

/**
 * The closing of a server, for those who wait on its connections: one listener for all of them. To have each listen to the
 * signal would take a quarter of a kilobyte for each, and to ask it with every request costs time.
 */
export class Closing {
  readonly #signal: AbortSignal | undefined
  readonly #receivers: Set<ClosingReceiver> = new Set()
  #isOn: boolean
  readonly #onAbort = (): void => {
    this.#isOn = true
    for (const receiver of [...this.#receivers]) receiver.onClosing()
  }

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
    this.#isOn = signal?.aborted ?? false
  }

  /** Whether it has begun. Known while there is a receiver. */
  get isOn(): boolean {
    return this.#isOn
  }

  add(receiver: ClosingReceiver): void {
    if (this.#receivers.size === 0) this.#listen()
    this.#receivers.add(receiver)
  }

  delete(receiver: ClosingReceiver): void {
    this.#receivers.delete(receiver)
    if (this.#receivers.size === 0) this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  #listen(): void {
    this.#isOn = this.#signal?.aborted ?? false
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true })
  }
}
