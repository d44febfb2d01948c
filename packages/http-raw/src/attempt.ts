export interface AttemptOptions {
  /** Any of these stops the attempt, with its own reason. */
  readonly signals: readonly (AbortSignal | undefined)[]
  /** Milliseconds it may take; 0, the default, is for ever. */
  readonly time?: number
  /** What it stops with after that. */
  readonly late?: () => Error
}

/**
 * Runs `work` with a signal of its own, and lets go of every signal and timer afterwards: what has been opened outlives
 * whoever was in a hurry for it. `work` is trusted to reject with the reason once its signal aborts.
 */
export async function attempt<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signals, time = 0, late }: AttemptOptions,
): Promise<T> {
  const own = new AbortController()
  const follow = () => own.abort(signals.find((signal) => signal?.aborted)?.reason)
  if (signals.some((signal) => signal?.aborted)) follow()
  own.signal.throwIfAborted()
  for (const signal of signals) signal?.addEventListener('abort', follow, { once: true })
  const timer = time > 0 ? setTimeout(() => own.abort(late?.()), time) : undefined
  try {
    return await work(own.signal)
  } finally {
    clearTimeout(timer)
    for (const signal of signals) signal?.removeEventListener('abort', follow)
  }
}
