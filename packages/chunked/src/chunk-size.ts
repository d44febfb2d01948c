import { ChunkedError } from './errors.ts'
import type { Overhead } from './overhead.ts'

/** So many are 64 bits, more than we count to. Others can only be leading zeros, of which the grammar allows any number. */
const FREE_DIGITS = 16

export interface SizeReader {
  /** Nothing of the size has come yet. */
  readonly isEmpty: boolean
  /** Takes one byte if it is a digit; false for the first that is none. Throws if there has been none at all. */
  push(byte: number): boolean
  /** What the digits say. The next one begins another size. */
  take(): number
}

/** Reads the digits of one chunk-size after the other: `1*HEXDIG`. */
export function createSizeReader(overhead: Overhead): SizeReader {
  let size = 0
  let digits = 0
  return {
    get isEmpty() {
      return digits === 0
    },
    push(byte) {
      const digit = hexDigit(byte)
      if (digit === -1 && digits === 0) throw badSize('a chunk must begin with its size in hexadecimal')
      if (digit === -1) return false
      size = appendDigit(size, digit)
      if (++digits > FREE_DIGITS) overhead.add()
      return true
    },
    take() {
      const whole = size
      size = 0
      digits = 0
      return whole
    },
  }
}

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
function appendDigit(size: number, digit: number): number {
  const longer = size * 16 + digit
  if (longer > Number.MAX_SAFE_INTEGER) throw badSize('chunk-size above 2^53 - 1')
  return longer
}

export function badSize(why: string): ChunkedError {
  return new ChunkedError('CHUNKED_BAD_SIZE', why)
}
