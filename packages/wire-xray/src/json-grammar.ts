import { DELTA_PATHS } from './delta-paths.ts'
import { type Container, pathOf } from './json-path.ts'

const MAX_DEPTH = 64
const MAX_KEY = 64 // characters of a key we remember: the ones we look for are shorter

type State =
  | 'start'
  | 'value'
  | 'first-value'
  | 'first-key'
  | 'key'
  | 'in-key'
  | 'colon'
  | 'in-string'
  | 'in-literal'
  | 'after'
  | 'complete'
  | 'broken'

export interface JsonGrammar {
  /** `delta` inside a string that adds text to an answer, `json` elsewhere, `undefined` where it is not a JSON object. */
  name(byte: number): 'json' | 'delta' | undefined
  /** The path of the current string: `choices[0].delta.content`. */
  readonly path: string
  readonly complete: boolean
  /** Starts on another object. */
  reset(): void
}

/** Names the bytes of one JSON object (RFC 8259) well enough to know in which string a byte is. It builds no value. */
export function createJsonGrammar(): JsonGrammar {
  const stack: Container[] = []
  const top = () => stack.at(-1) as Container
  let state: State = 'start'
  let escaped = false
  let isDelta = false

  const states: Readonly<Record<State, (char: string) => State>> = {
    start: (char) => (char === '{' ? open(false) : 'broken'),
    'first-key': (char) => (char === '}' ? close() : openKey(char)),
    key: openKey,
    'in-key': inString,
    colon: (char) => (char === ':' ? 'value' : 'broken'),
    'first-value': (char) => (char === ']' ? close() : openValue(char)),
    value: openValue,
    'in-string': inString,
    'in-literal': (char) => (/[\w.+-]/.test(char) ? 'in-literal' : afterValue(char)),
    after: afterValue,
    complete: () => 'broken',
    broken: () => 'broken',
  }

  function next(char: string): State {
    const inside = state === 'in-string' || state === 'in-key'
    if (inside || !/[ \t\r\n]/.test(char)) return states[state](char)
    return state === 'in-literal' ? 'after' : state
  }

  function inString(char: string): State {
    if (char < ' ') return 'broken'
    if (escaped) escaped = false
    else if (char === '\\') escaped = true
    else if (char === '"') return state === 'in-key' ? 'colon' : 'after'
    if (state === 'in-key' && top().key.length < MAX_KEY) top().key += char
    return state
  }

  function openKey(char: string): State {
    if (char !== '"') return 'broken'
    top().key = ''
    return 'in-key'
  }

  function openValue(char: string): State {
    if (char === '{') return open(false)
    if (char === '[') return open(true)
    if (char !== '"') return /[-\dtfn]/.test(char) ? 'in-literal' : 'broken'
    isDelta = DELTA_PATHS.has(pathOf(stack, () => '[]'))
    return 'in-string'
  }

  function afterValue(char: string): State {
    const { isArray } = top()
    if (char !== ',') return char === (isArray ? ']' : '}') ? close() : 'broken'
    top().index++
    return isArray ? 'value' : 'key'
  }

  function open(isArray: boolean): State {
    if (stack.length === MAX_DEPTH) return 'broken'
    stack.push({ isArray, key: '', index: 0 })
    return isArray ? 'first-value' : 'first-key'
  }

  function close(): State {
    stack.pop()
    return stack.length === 0 ? 'complete' : 'after'
  }

  return {
    get path() {
      return pathOf(stack, ({ index }) => `[${index}]`)
    },
    get complete() {
      return state === 'complete'
    },
    reset() {
      stack.length = 0
      state = 'start'
      escaped = isDelta = false
    },
    name(byte) {
      const before = state
      state = next(String.fromCharCode(byte))
      if (state === 'broken' || state === 'start') return undefined
      return isDelta && before === 'in-string' && state === 'in-string' ? 'delta' : 'json'
    },
  }
}
