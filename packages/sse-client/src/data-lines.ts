import { addData, type Block } from './block.ts'
import { isData } from './field-name.ts'
import { valueAfter } from './line.ts'
import { text } from './text.ts'

const LF = 0x0a
const COLON = 0x3a

/** No part is longer. It holds nothing between two calls, so that one does for all decoders. */
export const LONGEST_PART: number = 8 * 1024 - 64
const joined = new Uint8Array(LONGEST_PART)

/** Whether the line at `at` is a data field with a colon. */
export function isDataField(part: Uint8Array, at: number): boolean {
  return part[at + 4] === COLON && isData(part, at)
}

/**
 * A shortcut for events of many lines: joins the values of data lines in one pass over their bytes and makes one text
 * of all. `from` is where the value of the first is; from there on, no line ends in CR. Returns where the first other line begins.
 * A slice for each line is what others do: `npm run bench:parse -- --only "64 lines"`.
 */
export function takeDataLines(part: Uint8Array, from: number, isAscii: boolean, block: Block): number {
  const end = part.length
  let size = 0 // of what was joined
  let whole = 0 // as much of it as the lines that end in this part
  let next = from
  for (let at = from; ; at = valueAfter(part, at + 4)) {
    let byte = -1
    while (at < end) {
      byte = part[at++] as number
      if (byte === LF) break
      joined[size++] = byte
    }
    if (byte !== LF) break
    whole = size
    next = at
    if (!isDataField(part, at)) break
    joined[size++] = LF
  }
  addData(block, isAscii ? text.scan(joined.subarray(0, whole)) : text.utf8(joined, 0, whole), whole)
  return next
}
