import type { RecordedBytes, RecordedGap, RecordedRead } from '@sse-from-scratch/llm-stream/recording'

/** Entries on their way to who looks at them. */
export interface Backlog {
  /** Something happened: `take` is told of it later, in order. */
  add(entry: RecordedRead): void
  /** Tells of all that waits, now. */
  flush(): void
}

type Gap = { -readonly [Name in keyof RecordedGap]: RecordedGap[Name] }

/** Milliseconds in which a turn of the event loop hands entries on; then the traffic has its turn. */
const SLICE = 2

/** What an entry weighs besides its bytes: a million reads of one byte are more than a megabyte. */
const ENTRY = 256

/** Entries that may lie handed on in front of those that wait, before these move up. */
const FORGET_AT = 1024

/**
 * Lets whoever looks at the traffic fall behind it: entries are handed to `take` in slices of 2 ms, between other things. When
 * more than `maxWaiting` bytes would wait, bytes are let go, and a `gap` says how many.
 *
 * @throws RangeError for a `maxWaiting` that is no number of bytes
 */
export function createBacklog(take: (entry: RecordedRead) => void, maxWaiting: number): Backlog {
  if (!(maxWaiting >= 0)) throw new RangeError(`maxWaiting must be 0 or more bytes, not ${maxWaiting}`)
  const gaps = new Map<string, Gap>() // that wait: they may still grow
  let waiting: RecordedRead[] = []
  let next = 0 // of those that wait
  let weight = 0
  let scheduled = false

  function handOn(deadline: number): void {
    for (let entry = waiting[next]; entry; entry = waiting[next]) {
      next++
      weight -= weightOf(entry)
      if (entry.kind === 'gap') gaps.delete(keyOf(entry))
      take(entry)
      if (performance.now() >= deadline) break
    }
    forget()
  }

  /** What is handed on is let go of, also when the backlog is never empty. */
  function forget(): void {
    if (next < waiting.length && next < FORGET_AT) return
    waiting = waiting.slice(next)
    next = 0
  }

  function turn(): void {
    scheduled = false
    handOn(performance.now() + SLICE)
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
    add(entry) {
      if (entry.kind !== 'bytes') return append(entry)
      const fits = weight + weightOf(entry) <= maxWaiting && !(gaps.size > 0 && gaps.has(keyOf(entry)))
      return fits ? append(entry) : leaveOut(entry)
    },
    flush: () => handOn(Number.POSITIVE_INFINITY),
  }
}

function keyOf({ connection, direction }: Pick<RecordedBytes, 'connection' | 'direction'>): string {
  return `${connection} ${direction}`
}

function weightOf(entry: RecordedRead): number {
  return ENTRY + (entry.kind === 'bytes' ? entry.bytes.length : 0)
}
