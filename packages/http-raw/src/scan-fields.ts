import { endOfRun, TOKEN_BYTE, VALUE_BYTE } from './byte-class.ts'
import { createFieldMarks, type FieldMarks, nameBit } from './field-marks.ts'

const HTAB = 9
const LF = 10
const CR = 13
const SP = 32
const COLON = 58

/** The field lines of a head. */
export interface ScannedFields {
  readonly marks: FieldMarks
  /** Where the head ends, its blank line included. */
  readonly end: number
}

/**
 * Looks once at every byte from `from` to the blank line that ends the head, and notes where its fields are.
 *
 * `undefined` if that is not all there, is more than `mostLines`, or is anything but `field-name ":" OWS field-value OWS`
 * with CR LF (RFC 9112 §5): what is wrong with it is for others to say.
 */
export function scanFields(bytes: Uint8Array, from: number, mostLines: number): ScannedFields | undefined {
  const marks = createFieldMarks()
  let at = from
  for (let lines = 0; bytes[at] !== CR; lines++) {
    const nameEnd = endOfRun(bytes, at, TOKEN_BYTE)
    if (nameEnd === at || bytes[nameEnd] !== COLON || lines === mostLines) return undefined
    let value = nameEnd + 1
    while (isBlank(bytes[value])) value++
    const line = endOfRun(bytes, value, VALUE_BYTE)
    if (bytes[line] !== CR || bytes[line + 1] !== LF) return undefined
    let valueEnd = line
    while (valueEnd > value && isBlank(bytes[valueEnd - 1])) valueEnd--
    marks.offsets.push(at, nameEnd, value, valueEnd)
    marks.names |= nameBit(nameEnd - at, bytes[at] as number)
    at = line + 2
  }
  return bytes[at + 1] === LF ? { marks, end: at + 2 } : undefined
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB
}
