import type { ByteRange } from './span.ts'

/** Reads of a direction that are remembered. What began in an older one is said to have begun in the oldest of these. */
export const MAX_READS = 4096

/** One push: what a socket gave at once. */
export interface Read {
  /** Which of its direction, counted from 0. */
  readonly index: number
  /** When it came, in the caller's milliseconds. */
  readonly at: number
}

/** The reads that carried the first and the last byte of a finding. They say how the bytes were cut, and when they came. */
export interface Carriage {
  readonly first: Read
  readonly last: Read
}

/** The reads of one direction. */
export interface Reads {
  /** The next read begins at `offset`. */
  add(offset: number, at: number): void
  /** Which reads carried these bytes; for no bytes, the last one. */
  carried(bytes: readonly ByteRange[]): Carriage
}

export function createReads(): Reads {
  let starts: number[] = []
  let reads: Read[] = []
  let count = 0

  function forgetOld(): void {
    if (reads.length < 2 * MAX_READS) return
    starts = starts.slice(-MAX_READS)
    reads = reads.slice(-MAX_READS)
  }

  function readOf(offset: number): Read {
    let [low, high] = [0, starts.length - 1]
    if (offset >= (starts[high] ?? 0)) low = high // nearly always
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return reads[low] ?? NONE
  }

  return {
    add(offset, at) {
      forgetOld()
      starts.push(offset)
      reads.push({ index: count++, at })
    },
    carried(bytes) {
      const [first] = bytes
      const last = bytes[bytes.length - 1]
      if (!first || !last) return { first: readOf(Number.POSITIVE_INFINITY), last: readOf(Number.POSITIVE_INFINITY) }
      return { first: readOf(first[0]), last: readOf(Math.max(first[0], last[1] - 1)) }
    },
  }
}

const NONE: Read = { index: 0, at: 0 }
