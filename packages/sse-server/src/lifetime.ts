import type { Stop } from './stop.ts'

const NOBODY: (() => void)[] = [] // never changed

/**
 * A stream is over twice: first nothing more is written, then nothing more leaves.
 *
 * Its signal and its promise are made when they are asked for, since a signal alone takes 0.7 KB and a publisher may
 * hold ten thousand sessions that nobody has asked (`npm run bench:fanout -- --only idle`).
 */
export class Lifetime implements Stop {
  #state: 'open' | 'stopped' | 'finished' = 'open'
  #reason: unknown
  #listeners: (() => void)[] = NOBODY
  #over: AbortController | undefined
  #closed: Promise<void> | undefined
  #resolveClosed: (() => void) | undefined

  /** Aborts when nothing more is written. */
  get signal(): AbortSignal {
    if (this.#over) return this.#over.signal
    this.#over = new AbortController()
    if (this.#state !== 'open') this.#over.abort(this.#reason)
    return this.#over.signal
  }

  /** Resolves when nothing more leaves. */
  get closed(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      if (this.#state === 'finished') resolve()
      else this.#resolveClosed = resolve
    })
    return this.#closed
  }

  get stopped(): boolean {
    return this.#state !== 'open'
  }

  get finished(): boolean {
    return this.#state === 'finished'
  }

  get reason(): unknown {
    return this.#reason
  }

  onStop(listener: () => void): void {
    this.#listeners = this.#listeners.concat(listener) // spread, it would keep room for seventeen
  }

  offStop(listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
  }

  /** Nothing more is written from here on. What has been written may still be on its way. */
  stop(reason: unknown): void {
    if (this.#state !== 'open') return
    this.#state = 'stopped'
    this.#tell(reason)
  }

  /** Nothing more leaves from here on. The reason counts only if this comes first. */
  finish(reason: unknown): void {
    if (this.#state === 'finished') return
    const first = this.#state === 'open'
    this.#state = 'finished'
    if (first) this.#tell(reason)
    this.#resolveClosed?.()
  }

  #tell(reason: unknown): void {
    this.#reason = reason
    const listeners = this.#listeners
    this.#listeners = NOBODY
    this.#over?.abort(reason)
    for (const listener of listeners) call(listener)
  }
}

/** As a signal calls its own: what a listener throws is not the business of whoever ended the stream. */
function call(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
