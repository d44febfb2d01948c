import { addBytes, type UnfinishedLine } from './unfinished-line.ts'

/** The very start of a stream (HTML §9.2.5: `stream = [ bom ] *event`), where one BOM is no part of the first line. */
export interface StreamStart {
  /** Bytes of what may be a BOM, so far. */
  size: number
  isOver: boolean
}

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)

/** Takes a BOM, also in pieces; returns where what is none begins. What only began like one is the start of `line`. */
export function takeByteOrderMark(start: StreamStart, bytes: Uint8Array, line: UnfinishedLine): number {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== BOM[start.size]) {
      addBytes(line, BOM, 0, start.size)
      start.isOver = true
      return at
    }
    start.size++
    if (start.size === BOM.length) {
      start.isOver = true
      return at + 1
    }
  }
  return bytes.length
}
