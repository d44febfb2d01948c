import type { Cut } from './fault-spec.ts'

/** Where to cut bytes so that the cut is inside of something: an offset, or `undefined` if there is no such thing in them. */
export function cutPoint(bytes: Uint8Array, inside: NonNullable<Cut['inside']>): number | undefined {
  if (inside === 'utf8') return insideCharacter(bytes)
  if (inside === 'json') return insideString(bytes)
  return bytes.length > 1 ? 1 : undefined // a chunk begins with its size, and ours have more than one digit
}

/** Behind the first byte of a character that has several (RFC 3629 §3: they begin with C2 or above). */
function insideCharacter(bytes: Uint8Array): number | undefined {
  const at = bytes.findIndex((byte) => byte >= 0xc2)
  return at === -1 ? undefined : at + 1
}

const STRING = /"(?:[^"\\]|\\.)*"/g
/** Shorter strings are hardly inside. */
const SHORTEST = 6

/** In the middle of the last string of some length (RFC 8259 §7). */
function insideString(bytes: Uint8Array): number | undefined {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('') // a character a byte: offsets stay true
  const last = [...text.matchAll(STRING)].filter(([string]) => string.length >= SHORTEST).at(-1)
  return last && last.index + Math.floor(last[0].length / 2)
}
