import type { JsonElement, JsonGrammar } from './json-grammar.ts'

/** A JSON object but for the one text in it that adds to an answer. */
interface Frame {
  readonly before: Uint8Array
  readonly behind: Uint8Array
  /** The path of the text. */
  readonly path: string
}

/** Objects that may be learned in a row without one that is like them: some servers change more than the text each time. */
const MAX_USELESS = 8

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b

/**
 * Does what `grammar` does, but of object after object that differ in one text alone, as tokens do, it only compares what
 * is around the text. It is a shortcut: with the grammar in its place all is the same but slower.
 *
 * An object that is the same bytes but for the inside of a string has the same structure (RFC 8259 §7).
 */
export function createRepeatedGrammar(grammar: JsonGrammar): JsonGrammar {
  let known: Frame | undefined
  let current: Frame | undefined // of this object, which the grammar has not seen
  let isFresh = true
  let useless = 0

  /** Lets the grammar read the object, and keeps what is around its text, if it has one and is whole. */
  function learn(bytes: Uint8Array, from: number, to: number, put: Put): void {
    let [start, end, texts, path] = [from, from, 0, '']
    grammar.take(bytes, from, to, (element, first, behind) => {
      if (element === 'delta') {
        ;[start, end, path] = [first, behind, grammar.path]
        texts++
      }
      put(element, first, behind)
    })
    if (!grammar.complete || texts !== 1 || bytes[from] !== OPEN_OBJECT) return // blanks before it have no name
    known = { before: bytes.slice(from, start), behind: bytes.slice(end, to), path }
    useless++
  }

  /** There is more behind an object that was known: that is for the grammar, which has to be where it would be. */
  function catchUp({ before, behind }: Frame): void {
    grammar.take(before, 0, before.length, () => {})
    grammar.take(behind, 0, behind.length, () => {})
    current = undefined
  }

  return {
    get path() {
      return current?.path ?? grammar.path
    },
    get complete() {
      return current !== undefined || grammar.complete
    },
    reset() {
      grammar.reset()
      current = undefined
      isFresh = true
    },
    take(bytes, from, to, put) {
      const wasFresh = isFresh
      isFresh = false
      if (current) catchUp(current)
      if (!wasFresh) return grammar.take(bytes, from, to, put)
      if (known && fits(known, bytes, from, to)) {
        current = known
        useless = 0
        putAround(known, from, to, put)
      } else if (useless < MAX_USELESS) learn(bytes, from, to, put)
      else grammar.take(bytes, from, to, put)
    },
  }
}

type Put = (element: JsonElement, from: number, to: number) => void

function putAround({ before, behind }: Frame, from: number, to: number, put: Put): void {
  const start = from + before.length
  const end = to - behind.length
  put('json', from, start)
  if (end > start) put('delta', start, end)
  put('json', end, to)
}

function fits({ before, behind }: Frame, bytes: Uint8Array, from: number, to: number): boolean {
  const start = from + before.length
  const end = to - behind.length
  return start <= end && isAt(bytes, from, before) && isAt(bytes, end, behind) && isText(bytes, start, end)
}

function isAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) return false
  return true
}

/** What may be between quotation marks as it stands, without escapes (RFC 8259 §7). */
function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) return false
  }
  return true
}
