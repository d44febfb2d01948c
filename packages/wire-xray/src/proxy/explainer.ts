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
}

/**
 * Turns entries, as a recording has them, into items: of traffic that goes by right now, and of that of long ago alike. The
 * items of an entry are told before `take` returns, and what `onItem` throws comes out of it.
 *
 * Behind a `gap` the reads of that direction are only counted: nobody knows what is missing.
 */
export function createExplainer(onItem: (item: Item) => void, { withBytes = false }: ExplainerOptions = {}): Explainer {
  const connections = new Map<number, ExplainedConnection>()
  return {
    take(entry) {
      const known = connections.get(entry.connection)
      const connection = known ?? createExplainedConnection(onItem, withBytes)
      if (!known) connections.set(entry.connection, connection)
      connection.take(entry)
      if (connection.over) connections.delete(entry.connection)
    },
  }
}
