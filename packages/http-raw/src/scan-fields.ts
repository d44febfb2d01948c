import { byteAt, endOfRun, endOfValue, TOKEN_BYTE, wordAt, wordOf } from './byte-runs.ts'
import { type FieldMarks, nameBit } from './field-marks.ts'

const HTAB = 9
const LF = 10
const CR = 13
const SP = 32
const COLON = 58

const HOST = wordOf('host')
const LOWER_CASE = 0x20202020

const NONE = -1
const MANY = -2

/** The field lines of a head. */
export interface ScannedFields {
  readonly marks: FieldMarks
  /** A {@link nameBit} for each name. */
  readonly names: number
  /** Which line is called Host; below 0 if none is, or more than one. */
  readonly host: number
  /** Of the head, its blank line included. */
  readonly size: number
}

/** More lines than this are unusual. */
const MOST_LINES = 128

/** Made once: an array that grows with each head is copied three times meanwhile. */
const found: number[] = Array.from({ length: 4 * MOST_LINES }, () => 0)

/**
 * Looks once at every byte from `lines` to the blank line that ends the head, and notes where its fields are: so many bytes
 * behind `start`, where the head begins. Both are places in what `lookAt` has copied.
 *
 * `undefined` if that is not all there, is more than `mostLines` or 128, or is anything but `field-name ":" OWS field-value OWS`
 * with CR LF (RFC 9112 §5): what is wrong with it is for others to say.
 */
export function scanFields(start: number, lines: number, mostLines: number): ScannedFields | undefined {
  const most = 4 * Math.min(mostLines, MOST_LINES)
  let names = 0
  let host = NONE
  let count = 0
  let at = lines
  while (byteAt(at) !== CR) {
    const nameEnd = endOfRun(at, TOKEN_BYTE)
    if (nameEnd === at || byteAt(nameEnd) !== COLON || count === most) return undefined
    let value = nameEnd + 1
    while (isBlank(byteAt(value))) value++
    const line = endOfValue(value)
    if (byteAt(line) !== CR || byteAt(line + 1) !== LF) return undefined
    let valueEnd = line
    while (valueEnd > value && isBlank(byteAt(valueEnd - 1))) valueEnd--
    if (nameEnd - at === 4 && (wordAt(at) | LOWER_CASE) === HOST) host = host === NONE ? count / 4 : MANY
    found[count] = at - start
    found[count + 1] = nameEnd - start
    found[count + 2] = value - start
    found[count + 3] = valueEnd - start
    count += 4
    names |= nameBit(nameEnd - at, byteAt(at))
    at = line + 2
  }
  if (byteAt(at + 1) !== LF) return undefined
  return { marks: found.slice(0, count), names, host, size: at + 2 - start }
}

function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB
}
