/** A stream is over twice: first nothing more is written, then nothing more leaves. */
export interface Lifetime {
  /** Aborts at the first. */
  readonly signal: AbortSignal
  /** Resolves at the second. */
  readonly closed: Promise<void>
  readonly finished: boolean
  /** Nothing more is written from here on. What has been written may still be on its way. */
  stop(reason: unknown): void
  /** Nothing more leaves from here on. The reason counts only if this comes first. */
  finish(reason: unknown): void
}

export function createLifetime(): Lifetime {
  const over = new AbortController()
  let finished = false
  let resolveClosed = () => {}
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve
  })
  return {
    signal: over.signal,
    closed,
    get finished() {
      return finished
    },
    stop: (reason) => over.abort(reason),
    finish(reason) {
      finished = true
      over.abort(reason)
      resolveClosed()
    },
  }
}
