import type { Connection, Watcher } from './connection.ts'

/** Tells `watcher` when the connection is over, at once if it is: the shorter way if there is one, else by its signal. */
export function watch(connection: Connection, watcher: Watcher): void {
  if (connection.watch) {
    connection.watch(watcher)
    return
  }
  const { signal } = connection
  if (signal.aborted) watcher.onOver(signal.reason)
  else signal.addEventListener('abort', () => watcher.onOver(signal.reason), { once: true })
}
