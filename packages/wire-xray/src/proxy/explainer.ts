import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { createExplainedConnection, type ExplainedConnection } from './explained-connection.ts'
import type { Item } from './item.ts'

/** What items are to carry. */
export interface ExplainerOptions {
  /** Whether reads carry their bytes, credentials as stars. It costs a copy. Default false. */
  readonly withBytes?: boolean
}

/** Takes what happened, in order, and says what it was. */
export interface Explainer {
  take(entry: RecordedRead): void
  /** Resolves when all that was taken has been told of. */
  settled(): Promise<void>
}

/**
 * Turns entries, as a recording has them, into items: of traffic that goes by right now, and of that of long ago alike. The
 * items of an entry are told before `take` returns, but for what is compressed; `onItem` must not throw.
 *
 * Behind a `gap` the reads of that direction are only counted: nobody knows what is missing.
 */
export function createExplainer(onItem: (item: Item) => void, { withBytes = false }: ExplainerOptions = {}): Explainer {
  const connections = new Map<number, ExplainedConnection>()
  const unsettled = new Set<Promise<void>>() // of connections that are over

  function begin(connection: number): ExplainedConnection {
    const explained = createExplainedConnection(connection, onItem, withBytes)
    connections.set(connection, explained)
    return explained
  }

  function end(connection: number, explained: ExplainedConnection): void {
    connections.delete(connection)
    const settled = explained.settled().finally(() => unsettled.delete(settled))
    unsettled.add(settled)
  }

  return {
    take(entry) {
      const { connection } = entry
      const explained = connections.get(connection) ?? begin(connection)
      explained.take(entry)
      if (explained.over) end(connection, explained)
    },
    async settled() {
      await Promise.all([...unsettled, ...[...connections.values()].map((explained) => explained.settled())])
    },
  }
}
