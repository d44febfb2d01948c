import { addData, type Block, deliver, dispatch, setId, setType } from './block.ts'
import { isDataField, takeDataLines } from './data-lines.ts'
import type { EventStreamItem } from './event.ts'
import { isEvent, isId } from './field-name.ts'
import { takeLine } from './line.ts'
import { mixedText } from './mixed-text.ts'
import { takePlainFields } from './plain-fields.ts'
import { text } from './text.ts'
import { addBytes, takeUnfinished, type UnfinishedLine } from './unfinished-line.ts'

const LF = 0x0a
const SPACE = 0x20
const COLON = 0x3a
const D = 0x64
const E = 0x65
const I = 0x69

/** A line with fewer bytes is short: a search for its end costs more than the rest of it. */
const SHORT = 32
/** After so many of them, more are expected. */
const FEW_SHORT = 2
/** With fewer bytes to come, a long line says that it is not worth it. */
const FAR = 4096
/** Bytes of an unfinished line with which the next part may begin: to scan them again costs less than to put it together. */
const AGAIN = 1024

/**
 * A shortcut for reads of more than a few bytes: takes their lines out of scanned text, keeps the unfinished one if
 * that is long or `isLast`, and returns how far it got: the next part begins there. If this returned `from`, the machine would take all.
 * Bytes that come one by one are 90 MB/s; with this, 64 KiB at once are 5 GB/s (`npm run bench:parse -- --only chunks`, its
 * rows "1 B" and "64 KiB"). So it is one loop, without a call for each line.
 *
 * The caller has seen to it that nothing in `part` can be too large.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop on purpose, see above
export function takeWholeLines(
  part: Uint8Array,
  from: number,
  isLast: boolean,
  block: Block,
  line: UnfinishedLine,
  emit: (item: EventStreamItem) => void,
): number {
  const end = part.length
  const scan = text.scan(part)
  const mixed = text.isAscii(part, scan) ? undefined : mixedText(part, scan)
  let cr = find(scan, '\r', from) // moved only when it has been passed: a search for each line would be quadratic
  let nul = -1 // looked for when there is an id, in which it would be nothing
  let at = from
  let short = 0 // lines seen since it was last tried to take them as such
  let view: DataView | undefined
  let lf = -1 // moved only when it has been passed, as cr is
  if (line.size > 0) {
    const stop = Math.min(find(scan, '\n', at), cr)
    addBytes(line, part, at, stop)
    if (stop === end) return end
    takeLine(block, line.bytes, 0, takeUnfinished(line), emit)
    at = stop === cr && part[cr + 1] === LF ? cr + 2 : stop + 1
    if (stop === cr) cr = find(scan, '\r', at)
  }
  while (at < end) {
    const first = part[at]
    if (first === LF) {
      dispatch(block, emit)
      at++
      continue
    }
    if (short >= FEW_SHORT && cr === end && mixed === undefined) {
      short = 0
      if (nul === -1) nul = find(scan, '\0', at)
      if (nul === end) {
        view ??= new DataView(part.buffer, part.byteOffset, part.length)
        const taken = takePlainFields(view, at, scan, block, emit)
        if (taken > at) {
          at = taken
          continue
        }
      }
    }
    if (lf < at) lf = find(scan, '\n', at)
    let stop: number = lf
    if (stop - at < SHORT) short++
    else if (end - at < FAR) short = 0
    let next = stop + 1
    if (cr < stop) {
      stop = cr
      next = part[cr + 1] === LF ? cr + 2 : cr + 1
      cr = find(scan, '\r', next)
    } else if (stop === end) {
      if (!isLast && end - at < AGAIN) return at
      addBytes(line, part, at, end)
      return end
    }
    if (first === D && isDataField(part, at)) {
      const start = part[at + 5] === SPACE ? at + 6 : at + 5
      if (part[next] === LF && block.data === undefined) {
        deliver(block, mixed ? mixed(start, stop) : scan.slice(start, stop), emit)
        next++
      } else if (cr === end && part[stop] === LF && isDataField(part, next)) {
        next = takeDataLines(part, start, mixed === undefined, block)
        short = 0 // events of many lines are not for it
      } else addData(block, mixed ? mixed(start, stop) : scan.slice(start, stop), stop - start)
    } else if (first === E && part[at + 5] === COLON && isEvent(part, at)) {
      const start = part[at + 6] === SPACE ? at + 7 : at + 6
      setType(block, mixed ? mixed(start, stop) : scan.slice(start, stop), stop - start)
    } else if (first === I && part[at + 2] === COLON && isId(part, at)) {
      const start = part[at + 3] === SPACE ? at + 4 : at + 3
      if (nul === -1) nul = find(scan, '\0', start)
      if (nul === end) setId(block, mixed ? mixed(start, stop) : scan.slice(start, stop), stop - start)
      else takeLine(block, part, at, stop, emit)
    } else takeLine(block, part, at, stop, emit)
    at = next
  }
  return end
}

/** The end, when it is not there. */
function find(scan: string, char: string, from: number): number {
  const at = scan.indexOf(char, from)
  return at === -1 ? scan.length : at
}
