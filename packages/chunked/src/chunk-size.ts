import { ChunkedError } from './errors.ts'

/** 64 bits. The grammar has no bound (`chunk-size = 1*HEXDIG`); without one, leading zeros could go on for ever. */
const MAX_DIGITS = 16

/** The value of each byte as a HEXDIG, upper or lower case, or -1. A table, because this is asked for every chunk. */
const hexValues = Int8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return /[0-9A-Fa-f]/.test(character) ? Number.parseInt(character, 16) : -1
})

/** The value of a HEXDIG, or -1. */
export function hexDigit(byte: number): number {
  return hexValues[byte] as number
}

/**
 * A chunk-size with one more digit, `digits` digits long by then.
 *
 * Multiplies: a shift would fold 2^32 + 5 into 5, and two programs would see two different bodies. Past 2^53 - 1
 * JavaScript no longer counts by one, so that is refused, as RFC 9112 §7.1 wants of every recipient that would overflow.
 */
export function appendDigit(size: number, digit: number, digits: number): number {
  const longer = size * 16 + digit
  if (longer > Number.MAX_SAFE_INTEGER) throw badSize('chunk-size above 2^53 - 1')
  if (digits > MAX_DIGITS) throw badSize(`chunk-size of more than ${MAX_DIGITS} digits`)
  return longer
}

export function badSize(why: string): ChunkedError {
  return new ChunkedError('CHUNKED_BAD_SIZE', why)
}
