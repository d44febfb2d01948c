/** `true`, `false` and `null`, a character at a time (RFC 8259 §3). */
export interface JsonLiteralReader {
  /** Whether the last character was the word's last one. */
  readonly whole: boolean
  readonly value: boolean | null
  /** Begins a word with its first character; false if none begins like that. */
  open(character: string): boolean
  /** Takes the next character; false if it is another one. */
  take(character: string): boolean
}

const WORDS: ReadonlyMap<string, readonly [word: string, value: boolean | null]> = new Map([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
])

export function createJsonLiteralReader(): JsonLiteralReader {
  let [word, value]: readonly [string, boolean | null] = ['', null]
  let taken = 0
  return {
    get whole() {
      return taken === word.length
    },
    get value() {
      return value
    },
    open(character) {
      ;[word, value] = WORDS.get(character) ?? ['', null]
      taken = 1
      return word !== ''
    },
    take: (character) => character === word.charAt(taken++),
  }
}
