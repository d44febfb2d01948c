import { text } from './text.ts'

/** A step of a search for what is not ASCII: a few lines are decoded for one character, and not a whole part. */
const STEP = 1024

/** After so many steps of a part that are not ASCII, it is decoded without looking at the others. */
const DENSE = 2

/**
 * Text between two places of a part that has more than ASCII in it, of which `scan` is the scanned text. Places come in
 * order. Where there is nothing to decode, it is a slice as elsewhere.
 *
 * Of chunks with 2 % that are not ASCII, nearly all lines are plain: 1.3 times as fast as decoding every value of the
 * parts that have one (`npm run bench:parse -- --only "2 %"`).
 */
export function mixedText(part: Uint8Array, scan: string): (from: number, to: number) => string {
  let plainFrom = 0
  let seen = 0 // all from plainFrom to here is ASCII
  let foreign = 0 // steps
  return (from, to) => {
    for (; seen < to && foreign < DENSE; seen += STEP) {
      const end = seen + STEP
      if (text.isAscii(part.subarray(seen, end), scan.slice(seen, end))) continue
      foreign++
      plainFrom = foreign < DENSE ? end : part.length
    }
    return from >= plainFrom ? scan.slice(from, to) : text.utf8(part, from, to)
  }
}
