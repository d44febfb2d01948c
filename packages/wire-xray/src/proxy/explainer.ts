import type { RecordedBytes, RecordedGap, RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { createExplainedConnection, type ExplainedConnection } from './explained-connection.ts'
import type { Item } from './item.ts'

/** How far an explanation may fall behind. */
export interface ExplainerOptions {
  /** Bytes that may wait to be explained, over all connections; what comes beyond them becomes a gap. Default 16 MiB. */
  readonly maxWaiting?: number
  /** Whether reads carry their bytes, credentials as stars. It costs a copy. Default false. */
  readonly withBytes?: boolean
}

/** Explains what goes by, when there is time for it. */
export interface Explainer {
  /** Something happened. It is explained later, in order. */
  take(entry: RecordedRead): void
  /** Explains all that waits, now. */
  flush(): void
}

type Gap = { -readonly [Name in keyof RecordedGap]: RecordedGap[Name] }

/** Milliseconds in which a turn of the event loop explains; then the traffic has its turn. */
const SLICE = 2

/** What an entry weighs besides its bytes: a million reads of one byte are more than a megabyte. */
const ENTRY = 256

/** Explained entries that may lie in front of those that wait, before these move up. */
const FORGET_AT = 1024

/**
 * Turns entries, as a recording has them, into items: for bytes that go by right now, and for those of long ago alike.
 *
 * The traffic never waits for it: it works in slices of 2 ms, between other things. If more waits than may, bytes are let
 * go, and a `gap` says how many; behind it the reads of that direction are only counted.
 *
 * `onItem` must not throw: there is nobody to catch it.
 *
 * @throws RangeError for a `maxWaiting` that is no number of bytes
 */
export function createExplainer(onItem: (item: Item) => void, options: ExplainerOptions = {}): Explainer {
  const { maxWaiting = 16 * 1024 * 1024, withBytes = false } = options
  if (!(maxWaiting >= 0)) throw new RangeError(`maxWaiting must be 0 or more bytes, not ${maxWaiting}`)
  const connections = new Map<number, ExplainedConnection>()
  const gaps = new Map<string, Gap>() // that wait: they may still grow
  let waiting: RecordedRead[] = []
  let next = 0 // of those that wait
  let weight = 0
  let scheduled = false

  function explain(entry: RecordedRead): void {
    const known = connections.get(entry.connection)
    const connection = known ?? createExplainedConnection(onItem, withBytes)
    if (!known) connections.set(entry.connection, connection)
    if (entry.kind === 'gap') gaps.delete(keyOf(entry))
    connection.take(entry)
    if (connection.over) connections.delete(entry.connection)
  }

  function explainUntil(deadline: number): void {
    for (let entry = waiting[next]; entry; entry = waiting[next]) {
      next++
      weight -= weightOf(entry)
      explain(entry)
      if (performance.now() >= deadline) break
    }
    forgetExplained()
  }

  /** A queue that is never empty would otherwise keep everything. */
  function forgetExplained(): void {
    if (next < waiting.length && next < FORGET_AT) return
    waiting = waiting.slice(next)
    next = 0
  }

  function turn(): void {
    scheduled = false
    explainUntil(performance.now() + SLICE)
    schedule()
  }

  function schedule(): void {
    if (scheduled || waiting.length === 0) return
    scheduled = true
    setImmediate(turn)
  }

  function append(entry: RecordedRead): void {
    waiting.push(entry)
    weight += weightOf(entry)
    schedule()
  }

  /** The bytes do not fit, or come behind others that did not. */
  function leaveOut({ at, connection, direction, bytes }: RecordedBytes): void {
    const gap = gaps.get(keyOf({ connection, direction }))
    if (gap) {
      gap.size += bytes.length
      return
    }
    const opened: Gap = { kind: 'gap', at, connection, direction, size: bytes.length }
    gaps.set(keyOf(opened), opened)
    append(opened)
  }

  return {
    take(entry) {
      if (entry.kind !== 'bytes') return append(entry)
      const fits = weight + weightOf(entry) <= maxWaiting && !(gaps.size > 0 && gaps.has(keyOf(entry)))
      return fits ? append(entry) : leaveOut(entry)
    },
    flush: () => explainUntil(Number.POSITIVE_INFINITY),
  }
}

function keyOf({ connection, direction }: Pick<RecordedBytes, 'connection' | 'direction'>): string {
  return `${connection} ${direction}`
}

function weightOf(entry: RecordedRead): number {
  return ENTRY + (entry.kind === 'bytes' ? entry.bytes.length : 0)
}
