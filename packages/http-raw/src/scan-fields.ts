import { endOfRun, TOKEN_BYTE, VALUE_BYTE } from './byte-class.ts'
import { type FieldMarks, nameBit } from './field-marks.ts'

const HTAB = 9
const LF = 10
const CR = 13
const SP = 32
const COLON = 58

/** The field lines of a head. */
export interface ScannedFields {
  readonly marks: FieldMarks
  /** A {@link nameBit} for each name. */
  readonly names: number
  /** Of the head, its blank line included. */
  readonly size: number
}

/** More lines than this are unusual. */
const MOST_LINES = 128

/** Made once: an array that grows with each head is copied three times meanwhile. */
const found: number[] = Array.from({ length: 4 * MOST_LINES }, () => 0)

/**
 * Looks once at every byte from `lines` to the blank line that ends the head, and notes where its fields are: so many bytes
 * behind `start`, where the head begins.
 *
 * `undefined` if that is not all there, is more than `mostLines` or 128, or is anything but `field-name ":" OWS field-value OWS`
 * with CR LF (RFC 9112 §5): what is wrong with it is for others to say.
 */
export function scanFields(
  bytes: Uint8Array,
  start: number,
  lines: number,
  mostLines: number,
): ScannedFields | undefined {
  const most = 4 * Math.min(mostLines, MOST_LINES)
  let names = 0
  let count = 0
  let at = lines
  while (bytes[at] !== CR) {
    const nameEnd = endOfRun(bytes, at, TOKEN_BYTE)
    if (nameEnd === at || bytes[nameEnd] !== COLON || count === most) return undefined
    let value = nameEnd + 1
    while (isBlank(bytes[value])) value++
    const line = endOfRun(bytes, value, VALUE_BYTE)
    if (bytes[line] !== CR || bytes[line + 1] !== LF) return undefined
    let valueEnd = line
    while (valueEnd > value && isBlank(bytes[valueEnd - 1])) valueEnd--
    found[count] = at - start
    found[count + 1] = nameEnd - start
    found[count + 2] = value - start
    found[count + 3] = valueEnd - start
    count += 4
    names |= nameBit(nameEnd - at, bytes[at] as number)
    at = line + 2
  }
  return bytes[at + 1] === LF ? { marks: found.slice(0, count), names, size: at + 2 - start } : undefined
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB
}
