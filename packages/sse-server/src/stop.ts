/** The first of the two ends of a stream, for those of us who must not cost a signal. */
export interface Stop {
  readonly stopped: boolean
  /** Why, once it is. */
  readonly reason: unknown
  /** Calls back when nothing more is written. */
  onStop(listener: () => void): void
  /** Takes it back. */
  offStop(listener: () => void): void
}

/** The end of a session that somebody else has made. */
export class SignalStop implements Stop {
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  get stopped(): boolean {
    return this.#signal.aborted
  }

  get reason(): unknown {
    return this.#signal.reason
  }

  onStop(listener: () => void): void {
    this.#signal.addEventListener('abort', listener, { once: true })
  }

  offStop(listener: () => void): void {
    this.#signal.removeEventListener('abort', listener)
  }
}
