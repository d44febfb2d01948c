import type { SinkWatcher } from './event-sink.ts'

/** Tells `watcher` when the signal aborts, at once if it has. Returns what ends that: a kept-alive connection outlives many sessions. */
export function follow(signal: AbortSignal, watcher: SinkWatcher): () => void {
  const tell = () => watcher.onOver(signal.reason)
  if (signal.aborted) tell()
  else signal.addEventListener('abort', tell, { once: true })
  return () => signal.removeEventListener('abort', tell)
}
