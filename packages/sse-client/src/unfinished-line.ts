import { text } from './text.ts'

/** The bytes of a line whose end has not arrived: kept as they are, because a cut may go through a character. */
export interface UnfinishedLine {
  bytes: Uint8Array
  /** How many of the bytes are the line. The others are room. */
  size: number
}

const ROOM = 64
/** From here on, room is doubled only. */
const MUCH = 4 * 1024 * 1024
/** Room that stays although nothing is in it. */
const KEPT = 64 * 1024
/** Fewer bytes than this are copied by a loop, because `set` wants a view. */
const FEW = 48

export function createUnfinishedLine(): UnfinishedLine {
  return { bytes: new Uint8Array(ROOM), size: 0 }
}

export function addByte(line: UnfinishedLine, byte: number): void {
  if (line.size === line.bytes.length) makeRoom(line, 1)
  line.bytes[line.size++] = byte
}

export function addBytes(line: UnfinishedLine, bytes: Uint8Array, from: number, to: number): void {
  const { size } = line
  const more = to - from
  if (size + more > line.bytes.length) makeRoom(line, more)
  if (more >= FEW) line.bytes.set(bytes.subarray(from, to), size)
  else for (let at = 0; at < more; at++) line.bytes[size + at] = bytes[from + at] as number
  line.size = size + more
}

/** Makes the line empty and returns how long it was: its bytes stay where they are until the next one is added. */
export function takeUnfinished(line: UnfinishedLine): number {
  const { size } = line
  line.size = 0
  return size
}

/** Doubles it, or more: whatever the cuts, a line is copied no more than twice. */
function makeRoom(line: UnfinishedLine, more: number): void {
  const { length } = line.bytes
  const larger = length < KEPT ? new Uint8Array(Math.max(line.size + more, 2 * length)) : longRoom(line.size + more)
  larger.set(line.bytes.subarray(0, line.size))
  line.bytes = larger
}

/**
 * For a long line: four times what is needed, which costs nothing where nobody clears it first. Lines of 4 MiB are read 1.04 to 1.57
 * times as fast (`npm run bench:parse -- --only "4 MiB"`, docs/decisions/0030).
 */
function longRoom(needed: number): Uint8Array {
  return text.room(needed < MUCH ? 4 * needed : 2 * needed)
}

/** Lets go of the room that a long line has taken. */
export function giveBackRoom(line: UnfinishedLine): void {
  if (line.size === 0 && line.bytes.length > KEPT) line.bytes = new Uint8Array(ROOM)
}
