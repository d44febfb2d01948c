import { parseJson } from '../json.ts'

/** The longest run of digits that is a whole number for sure (2^53 has 16). */
const MAX_DIGITS = 15

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** `undefined` for what JSON does not have (RFC 8259 §6: no leading zero), and for what may not be exact. */
export function wholeNumber(text: string, from: number, to: number): number | undefined {
  const size = to - from
  if (size === 0 || size > MAX_DIGITS || (size > 1 && text.charCodeAt(from) === 0x30)) return undefined
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 0x30
  return number
}

/** No quotation mark, no backslash, no control character (RFC 8259 §7). */
const PLAIN = /^[ !#-[\]-\uffff]*$/

/** V8 copies slices of fewer characters; a longer one would keep the whole read that it came in. */
const SHORT = 13

/** What stands between two quotation marks, as a string; `undefined` if it is none (RFC 8259 §7). */
export function stringIn(literal: string): string | undefined {
  if (literal.length < SHORT && PLAIN.test(literal)) return literal
  const string = parseJson(`"${literal}"`)
  return typeof string === 'string' ? string : undefined
}
