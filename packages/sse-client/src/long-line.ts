import { text } from './text.ts'
import { addBytes, type UnfinishedLine } from './unfinished-line.ts'

const LF = 0x0a
const CR = 0x0d

/** A line is long from here on, and a read most likely a piece from its middle. */
const LONG = 64 * 1024

/**
 * A shortcut for long lines: adds what comes before the end of the line, if there is room for it, and returns how much
 * that was. Nobody need ask what else is in there, or make text of it that is thrown away
 * (`npm run bench:parse -- --only "4 MiB"`).
 */
export function takeMiddle(line: UnfinishedLine, bytes: Uint8Array, room: number): number {
  if (line.size < LONG) return 0
  const size = Math.min(find(bytes, LF), find(bytes, CR))
  if (line.size + size > room) return 0
  addBytes(line, bytes, 0, size)
  return size
}

/** The end, when it is not there. */
function find(bytes: Uint8Array, byte: number): number {
  const at = text.indexOf(bytes, byte)
  return at === -1 ? bytes.length : at
}
