import { ChunkedError } from './errors.ts'

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
 * A chunk-size with one more digit.
 *
 * Multiplies: a shift would fold 2^32 + 5 into 5, and two programs would see two different bodies. Past 2^53 - 1
 * JavaScript no longer counts by one, and RFC 9112 §7.1 wants a recipient to notice before it miscounts.
 */
export function appendDigit(size: number, digit: number): number {
  const longer = size * 16 + digit
  if (longer > Number.MAX_SAFE_INTEGER) throw badSize('chunk-size above 2^53 - 1')
  return longer
}

export function badSize(why: string): ChunkedError {
  return new ChunkedError('CHUNKED_BAD_SIZE', why)
}
