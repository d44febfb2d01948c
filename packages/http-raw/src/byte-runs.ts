import { latin1 } from './grammar.ts'

/*
 * The beginning of a read, where it can be looked at fast: a copy, in one room made once. V8 knows where that is, a run ends at
 * the zero behind the copy at the latest, and four bytes can be asked at once. A head of 589 bytes and the strings of all its
 * fields take 0.75 to 0.8 of the time that they took without (`npm run bench:http -- --only head`), the copying included.
 *
 * Nothing that touches the room in a loop is elsewhere, and the room is not exported: what a module imports, Node 20 asks for
 * again at every turn of a loop.
 */

/** What a byte may be part of, as in {@link TOKEN} and the other patterns of the grammar, but asked of a table. */
const TCHAR = 1
const VALUE = 2 // what `field-value` is made of (RFC 9110 §5.5), blanks included
const TARGET = 4

/** The kinds of byte that a run can be made of. */
export type ByteClass = typeof TCHAR | typeof VALUE | typeof TARGET

/** `tchar` (RFC 9110 §5.6.2). */
export const TOKEN_BYTE: ByteClass = TCHAR
/** What we read in a request-target: visible ASCII without `#`, and bytes above ASCII. */
export const TARGET_BYTE: ByteClass = TARGET

/** Zero, which ends the copy, is none of them. */
const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  return (
    (/[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(text) ? TCHAR : 0) |
    (/[\t\x20-\x7e\x80-\xff]/.test(text) ? VALUE : 0) |
    (/[\x21\x22\x24-\x7e\x80-\xff]/.test(text) ? TARGET : 0)
  )
})

/** How much of a read is copied at most: few heads are larger. */
const MOST = 8 * 1024
const WORD = 4

const room = new Uint8Array(MOST + 2 * WORD)
const words = new DataView(room.buffer)

/** What the copy is of, if it is all of that. */
let copied: Uint8Array | undefined

/** Copies what is to be looked at, unless it lies behind what was; returns where in the copy `from` is. */
export function lookAt(bytes: Uint8Array, from: number): number {
  if (from > 0 && bytes === copied) return from // what is pipelined 16 deep is copied once
  const isSmall = bytes.length <= MOST
  copied = isSmall ? bytes : undefined
  const seen = isSmall ? bytes : bytes.subarray(from, from + MOST)
  room.set(seen)
  room[seen.length] = 0
  return isSmall ? from : 0
}

/** 0 at the end of the copy. Look no further than one byte behind what is not 0. */
export function byteAt(at: number): number {
  return room[at] as number
}

/** Four bytes, the first the lowest; those behind a zero are of earlier reads. */
export function wordAt(at: number): number {
  return words.getInt32(at, true)
}

/** Four characters as {@link wordAt} finds them. */
export function wordOf(text: string): number {
  return [...text].reduceRight((word, character) => (word << 8) | character.charCodeAt(0), 0)
}

export function textAt(start: number, end: number): string {
  return latin1(room, start, end)
}

/** Where the run of such bytes that begins at `from` ends. */
export function endOfRun(from: number, kind: ByteClass): number {
  let at = from
  while (((classes[room[at] as number] as number) & kind) !== 0) at++
  return at
}

/** {@link endOfRun} of value bytes, most of which are visible ASCII and blanks: those are passed by in fours. */
export function endOfValue(from: number): number {
  let at = from
  let odd: number
  do {
    odd = oddBytes(words.getInt32(at, true))
    at += WORD
  } while (odd === 0)
  const first = (31 - Math.clz32(odd & -odd)) >> 3
  return endOfRun(at - WORD + first, VALUE)
}

/** The top bit of the lowest byte outside of %x20-7E, and maybe of some above it; 0 if there is none. */
function oddBytes(word: number): number {
  return ((word - 0x20202020) | (word + 0x01010101) | word) & TOP_BITS
}

/** 0x80808080, as a number of 32 bits. */
const TOP_BITS = -0x7f7f7f80
