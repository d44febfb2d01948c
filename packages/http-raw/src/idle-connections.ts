import type { KeptConnection } from './kept-connection.ts'

const LONGEST_TIMER = 2 ** 31 - 1

/** Connections nobody uses at the moment. They do not keep the process alive, and none of them is used by surprise. */
export interface IdleConnections {
  readonly size: number
  /** Keeps one, for so many milliseconds, as long as it is silent. */
  keep(kept: KeptConnection, time: number): void
  /** The one used last, which has the most time left, out of those `among` accepts. It is still listened to. */
  take(among: ReadonlySet<KeptConnection>): KeptConnection | undefined
  /** Closes one of these; does nothing for another. */
  drop(kept: KeptConnection): void
  dropAll(): void
}

/** At most `most`; of one more, the one that has been idle for longest is closed. */
export function createIdleConnections(most: number): IdleConnections {
  const timers = new Map<KeptConnection, NodeJS.Timeout | undefined>() // in the order in which they were given back

  function forget(kept: KeptConnection): boolean {
    clearTimeout(timers.get(kept))
    kept.connection.ref?.() // closing is worth waiting for
    return timers.delete(kept)
  }

  function drop(kept: KeptConnection): void {
    if (forget(kept)) void kept.connection[Symbol.asyncDispose]()
  }

  return {
    get size() {
      return timers.size
    },
    keep(kept, time) {
      const { connection } = kept
      const timer = time <= LONGEST_TIMER ? setTimeout(drop, time, kept).unref() : undefined
      timers.set(kept, timer)
      connection.unref?.()
      kept.listen(() => {
        forget(kept)
        void connection[Symbol.asyncDispose]()
      })
      const [oldest] = timers.keys()
      if (timers.size > most && oldest) drop(oldest)
    },
    take(among) {
      let newest: KeptConnection | undefined
      for (const kept of timers.keys()) if (among.has(kept)) newest = kept
      if (newest) forget(newest)
      return newest
    },
    drop,
    dropAll() {
      for (const kept of timers.keys()) drop(kept)
    },
  }
}
