import type { ByteRange } from './span.ts'

/** Ranges one finding may have. The last one then grows over the framing in between: true enough, and bounded. */
export const MAX_RANGES = 1024

/** The bytes something was made of, collected from left to right. */
export interface Ranges {
  add(offset: number): void
  /** What has been collected since the last time. */
  take(): readonly ByteRange[]
}

export function createRanges(): Ranges {
  let ranges: [start: number, end: number][] = []
  return {
    add(offset) {
      const last = ranges.at(-1)
      if (last && (last[1] === offset || ranges.length === MAX_RANGES)) last[1] = offset + 1
      else ranges.push([offset, offset + 1])
    },
    take() {
      const taken = ranges
      ranges = []
      return taken
    },
  }
}
