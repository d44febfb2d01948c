/** Which part of a number the last character was (RFC 8259 §6). */
export type JsonNumberState = 'minus' | 'zero' | 'int' | 'decimal-point' | 'frac' | 'e' | 'sign' | 'exp'

/** One JSON number after the other, each in pieces. */
export interface JsonNumberReader {
  /** Whether the number may end here. */
  readonly whole: boolean
  /** Whether it has become longer than `MAX_NUMBER`. */
  readonly tooLong: boolean
  readonly value: number
  /** Begins a number with its first character; false if no number begins like that. */
  open(character: string): boolean
  /** Takes characters from `at` on; returns where one came that is no part of a number. */
  push(text: string, at: number): number
}

/** Characters of one number. JSON has no such limit, but no number needs more than 767 digits to be exact. */
export const MAX_NUMBER = 1024

export function createJsonNumberReader(): JsonNumberReader {
  let state: JsonNumberState = 'zero'
  let digits = ''
  return {
    get whole() {
      return state === 'zero' || state === 'int' || state === 'frac' || state === 'exp'
    },
    get tooLong() {
      return digits.length > MAX_NUMBER
    },
    get value() {
      return Number(digits)
    },
    open(character) {
      const begun = next(undefined, character.charCodeAt(0))
      state = begun ?? 'zero'
      digits = character
      return begun !== undefined
    },
    push(text, from) {
      let at = from
      for (; at < text.length; at++) {
        const following = next(state, text.charCodeAt(at))
        if (!following) break
        state = following
      }
      digits += text.slice(from, at)
      return at
    },
  }
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39
const isE = (code: number) => code === 0x65 || code === 0x45
const POINT = 0x2e

/** What a number becomes with this character, `undefined` if the character is no part of it. */
function next(state: JsonNumberState | undefined, code: number): JsonNumberState | undefined {
  switch (state) {
    case undefined:
      return code === 0x2d ? 'minus' : firstDigit(code)
    case 'minus':
      return firstDigit(code)
    case 'zero':
    case 'int':
      if (state === 'int' && isDigit(code)) return 'int'
      if (code === POINT) return 'decimal-point'
      return isE(code) ? 'e' : undefined
    case 'decimal-point':
      return isDigit(code) ? 'frac' : undefined
    case 'frac':
      if (isE(code)) return 'e'
      return isDigit(code) ? 'frac' : undefined
    case 'e':
      if (code === 0x2b || code === 0x2d) return 'sign'
      return isDigit(code) ? 'exp' : undefined
    case 'sign':
    case 'exp':
      return isDigit(code) ? 'exp' : undefined
  }
}

/** A zero stands alone: `01` is no number. */
function firstDigit(code: number): JsonNumberState | undefined {
  if (code === 0x30) return 'zero'
  return isDigit(code) ? 'int' : undefined
}
