/** Who wants to hear of each signal that somebody listens to here. */
const waiting = new WeakMap<AbortSignal, Waiting>()

interface Waiting {
  readonly calls: Set<() => void>
  readonly listener: () => void
}

/**
 * Calls back when a signal aborts, until the function that it gives back is called.
 *
 * One signal may stop any number of streams, and Node takes the eleventh listener of one for a leak and warns. So a signal
 * is listened to once, however many want to hear of it, and no longer than they do. (`setMaxListeners` is Node's alone.)
 */
export function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return () => {}
  const { calls } = waiting.get(signal) ?? listen(signal)
  const own = () => call() // the same function may be given twice
  calls.add(own)
  return () => {
    calls.delete(own)
    if (calls.size === 0) unlisten(signal)
  }
}

function listen(signal: AbortSignal): Waiting {
  const calls = new Set<() => void>()
  const listener = () => {
    for (const call of calls) call()
  }
  const entry = { calls, listener }
  waiting.set(signal, entry)
  signal.addEventListener('abort', listener, { once: true })
  return entry
}

function unlisten(signal: AbortSignal): void {
  const entry = waiting.get(signal)
  if (entry) signal.removeEventListener('abort', entry.listener)
  waiting.delete(signal)
}
