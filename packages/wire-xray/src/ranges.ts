import type { ByteRange } from './span.ts'

/** Ranges one finding may have. The last one then grows over the framing in between: true enough, and bounded. */
export const MAX_RANGES = 1024

/** The bytes something was made of, collected from left to right. */
export interface Ranges {
  /** Bytes between collected up to now. */
  readonly size: number
  add(start: number, end: number): void
  /** What has been collected since the last time. */
  take(): readonly ByteRange[]
}

export function createRanges(): Ranges {
  let ranges: [start: number, end: number][] = []
  let size = 0
  return {
    get size() {
      return size
    },
    add(start, end) {
      size += end - start
      const last = ranges[ranges.length - 1]
      if (last && (last[1] === start || ranges.length === MAX_RANGES)) last[1] = end
      else ranges.push([start, end])
    },
    take() {
      const taken = ranges
      ranges = []
      size = 0
      return taken
    },
  }
}
