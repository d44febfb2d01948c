import type { UnfinishedLine } from './unfinished-line.ts'

const LF = 0x0a
const CR = 0x0d

/**
 * A shortcut for a byte that is a read by itself and ends no line: adds it where there is room for it. Returns whether it
 * did (`npm run bench:parse -- --only "1 B"`).
 */
export function takeLoneByte(line: UnfinishedLine, byte: number): boolean {
  if (byte === LF || byte === CR) return false
  line.bytes[line.size++] = byte
  return true
}
