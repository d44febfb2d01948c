import { createJsonLiteralReader } from './json-literal.ts'
import { createJsonNumberReader, MAX_NUMBER } from './json-number.ts'
import { createJsonStringReader } from './json-string.ts'
import { isBlank, type JsonPlace, stepAt } from './json-structure.ts'
import { createJsonTree } from './json-tree.ts'

/** What the next character belongs to. */
type State = JsonPlace | 'in-name' | 'in-string' | 'in-number' | 'in-literal'

export interface JsonParser {
  /** Takes the character at `at` or, of a string or a number, all there is; returns where the next one is. */
  take(text: string, at: number): number
  readonly value: unknown
  /** Whether the text may end here. */
  readonly whole: boolean
}

/** Builds a value from JSON text that may be cut anywhere; `refuse` is told why a text is none, and has to stop. */
export function createJsonParser(maxDepth: number, refuse: (why: string, at?: number) => void): JsonParser {
  const tree = createJsonTree()
  const string = createJsonStringReader()
  const number = createJsonNumberReader()
  const literal = createJsonLiteralReader()
  let state: State = 'value'

  const unexpected = (at: number): void => refuse(`cannot be there (${state})`, at)

  function takeString(text: string, from: number): number {
    const at = string.push(text, from)
    const isName = state === 'in-name'
    if (string.state === 'bad') unexpected(at - 1)
    else if (!isName) tree.replace(string.value)
    if (string.state !== 'closed') return at
    if (isName) tree.name(string.value)
    state = isName ? 'name-separator' : 'after-value'
    return at
  }

  function takeNumber(text: string, from: number): number {
    const at = number.push(text, from)
    if (number.tooLong) refuse(`a number has more than ${MAX_NUMBER} characters`)
    else if (at === text.length) return at
    else if (number.whole) add(number.value)
    else unexpected(at)
    return at
  }

  function takeLiteral(character: string, at: number): void {
    if (!literal.take(character)) unexpected(at)
    else if (literal.whole) add(literal.value)
  }

  function add(value: unknown): void {
    tree.add(value)
    state = 'after-value'
  }

  function takeStructure(place: JsonPlace, character: string, at: number): void {
    const step = stepAt(place, character, tree.inside)
    if (step === undefined || step === 'begin-scalar') beginScalar(step && character, at)
    else if (step === 'begin-array' || step === 'begin-object') open(step === 'begin-array' ? 'array' : 'object')
    else if (step === 'begin-name' || step === 'begin-string') beginString(step)
    else if (step === 'name-separator') state = 'value'
    else if (step === 'value-separator') state = tree.inside === 'array' ? 'value' : 'name'
    else {
      tree.close()
      state = 'after-value'
    }
  }

  function beginScalar(character: string | undefined, at: number): void {
    if (character !== undefined && literal.open(character)) state = 'in-literal'
    else if (character !== undefined && number.open(character)) state = 'in-number'
    else unexpected(at)
  }

  function beginString(step: 'begin-name' | 'begin-string'): void {
    string.open()
    if (step === 'begin-string') tree.add('')
    state = step === 'begin-string' ? 'in-string' : 'in-name'
  }

  function open(kind: 'array' | 'object'): void {
    if (tree.depth === maxDepth) refuse(`more than ${maxDepth} values are inside one another (maxDepth)`)
    else tree.open(kind)
    state = kind === 'array' ? 'value-or-end' : 'name-or-end'
  }

  /** Whether there is a number that nothing has ended yet, and that may be the whole text. */
  const isOnlyNumber = () => state === 'in-number' && tree.depth === 0 && number.whole

  return {
    take(text, at) {
      if (state === 'in-string' || state === 'in-name') return takeString(text, at)
      if (state === 'in-number') return takeNumber(text, at)
      if (state === 'in-literal') takeLiteral(text.charAt(at), at)
      else if (!isBlank(text.charCodeAt(at))) takeStructure(state, text.charAt(at), at)
      return at + 1
    },
    get value() {
      return isOnlyNumber() ? number.value : tree.root
    },
    get whole() {
      return isOnlyNumber() || (state === 'after-value' && tree.depth === 0)
    },
  }
}
