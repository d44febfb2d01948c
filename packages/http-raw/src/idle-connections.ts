import type { KeptConnection } from './kept-connection.ts'

/** Connections nobody uses at the moment. They do not keep the process alive, and none of them is used by surprise. */
export interface IdleConnections {
  readonly size: number
  /** Keeps one, for so many milliseconds, as long as it is silent. */
  keep(kept: KeptConnection, time: number): void
  /** The one used last, which has the most time left, out of those `among` accepts. It is still listened to. */
  take(among: ReadonlySet<KeptConnection>): KeptConnection | undefined
  /** {@link take}, if the event loop has not gone round since: what we know of it is all that there was to know. */
  takeJustUsed(among: ReadonlySet<KeptConnection>): KeptConnection | undefined
  /** Closes one of these; does nothing for another. */
  drop(kept: KeptConnection): void
  dropAll(): void
}

interface Entry {
  readonly kept: KeptConnection
  readonly time: number
  justUsed: boolean
}

/** At most `most`; of one more, the one that has been idle for longest is closed. */
export function createIdleConnections(most: number): IdleConnections {
  const line: Entry[] = [] // in the order in which they were given back
  let settling = false

  /** The turn is over: those that were used in it, and nobody wants at once, are idle. */
  function settle(): void {
    settling = false
    for (const entry of line) {
      if (!entry.justUsed) continue
      entry.justUsed = false
      entry.kept.timer.start(entry.time, () => drop(entry.kept))
      entry.kept.connection.unref?.()
    }
  }

  function lastOf(among: ReadonlySet<KeptConnection>): number {
    return line.findLastIndex(({ kept }) => among.has(kept))
  }

  function remove(at: number): Entry | undefined {
    const [entry] = at === -1 ? [] : line.splice(at, 1)
    if (entry?.justUsed === false) {
      entry.kept.timer.stop()
      entry.kept.connection.ref?.() // closing is worth waiting for, too
    }
    return entry
  }

  function drop(kept: KeptConnection): void {
    const entry = remove(line.findIndex((entry) => entry.kept === kept))
    if (entry) void kept.connection[Symbol.asyncDispose]()
  }

  return {
    get size() {
      return line.length
    },
    keep(kept, time) {
      line.push({ kept, time, justUsed: true })
      if (!settling) setImmediate(settle)
      settling = true
      kept.listen(() => drop(kept))
      if (line.length > most) drop((line[0] as Entry).kept)
    },
    take: (among) => remove(lastOf(among))?.kept,
    takeJustUsed(among) {
      const at = lastOf(among)
      const entry = line[at]
      return entry?.justUsed && entry.kept.prompt ? remove(at)?.kept : undefined
    },
    drop,
    dropAll() {
      for (const { kept } of [...line]) drop(kept)
    },
  }
}
