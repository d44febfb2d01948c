/** What the next character of a string belongs to (RFC 8259 §7), or how it ended. */
export type JsonStringState = 'unescaped' | 'escape' | 'hex' | 'closed' | 'bad'

/** One JSON string after the other, each in pieces that may be cut anywhere. */
export interface JsonStringReader {
  readonly state: JsonStringState
  /**
   * What the string says so far. It never ends in half a character, unless it is closed and does so itself: the first
   * half of a surrogate pair is kept back until it is clear whether the second one follows.
   */
  readonly value: string
  /** Begins a string; its quotation mark has been taken. */
  open(): void
  /** Takes characters from `at` on, up to and with the closing quotation mark; returns where it stopped. */
  push(text: string, at: number): number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
)

export function createJsonStringReader(): JsonStringReader {
  let state: JsonStringState = 'closed'
  let value = ''
  let half = '' // the first half of a surrogate pair, at the end of what came
  let unit = 0 // the code unit after \u, as far as it came
  let digits = 0

  // Only ever added to: a string is a rope in V8, and looking at its end would make it flat, at the cost of its length.
  function add(piece: string): void {
    if (piece === '') return
    const last = piece.charCodeAt(piece.length - 1)
    const isHalf = last >= 0xd800 && last <= 0xdbff
    value += half + (isHalf ? piece.slice(0, -1) : piece)
    half = isHalf ? piece.slice(-1) : ''
  }

  function close(): void {
    value += half
    half = ''
    state = 'closed'
  }

  function takeUnescaped(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code >= 0x20 && code !== QUOTE && code !== BACKSLASH) continue
      add(text.slice(from, at))
      if (code === QUOTE) close()
      else state = code === BACKSLASH ? 'escape' : 'bad'
      return at + 1
    }
    add(text.slice(from))
    return text.length
  }

  function takeEscape(character: string): void {
    const meaning = ESCAPES.get(character)
    state = character === 'u' ? 'hex' : meaning === undefined ? 'bad' : 'unescaped'
    unit = digits = 0
    if (meaning !== undefined) add(meaning)
  }

  function takeHex(character: string): void {
    const digit = /^[0-9a-f]$/i.test(character) ? Number.parseInt(character, 16) : undefined
    if (digit === undefined) {
      state = 'bad'
      return
    }
    unit = unit * 16 + digit
    if (++digits < 4) return
    add(String.fromCharCode(unit))
    state = 'unescaped'
  }

  return {
    get state() {
      return state
    },
    get value() {
      return value
    },
    open() {
      value = half = ''
      state = 'unescaped'
    },
    push(text, from) {
      let at = from
      while (at < text.length && state !== 'closed' && state !== 'bad') {
        if (state === 'unescaped') at = takeUnescaped(text, at)
        else if (state === 'escape') takeEscape(text.charAt(at++))
        else takeHex(text.charAt(at++))
      }
      return at
    },
  }
}
