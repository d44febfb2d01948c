import { ROOT } from './delta-paths.ts'
import { FIRST_OF_LITERAL, isBlank, LITERAL } from './json-bytes.ts'
import { type Container, pathOf, placeIn } from './json-path.ts'

const MAX_DEPTH = 64

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Where in a JSON object the next byte is. */
export type JsonState =
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

/** The structure of a JSON object (RFC 8259), as far as it takes to know in which string we are. */
export interface JsonStructure {
  /** The state behind a byte outside of strings and names. */
  next(state: JsonState, byte: number): JsonState
  /** The next bytes of a name. */
  followKey(bytes: Uint8Array, from: number, to: number): void
  /** Whether the string that has begun adds text to an answer. */
  readonly isDelta: boolean
  /** The path of the current string: `choices[0].delta.content`. */
  readonly path: string
  reset(): void
}

export function createJsonStructure(): JsonStructure {
  const stack: Container[] = []
  let top: Container | undefined
  let isDelta = false

  function next(state: JsonState, byte: number): JsonState {
    if (byte <= SPACE && isBlank(byte)) return state === 'in-literal' ? 'after' : state
    switch (state) {
      case 'start':
        return byte === OPEN_OBJECT ? open(false) : 'broken'
      case 'first-key':
        return byte === CLOSE_OBJECT ? close() : openKey(byte)
      case 'key':
        return openKey(byte)
      case 'colon':
        return byte === COLON ? 'value' : 'broken'
      case 'first-value':
        return byte === CLOSE_ARRAY ? close() : openValue(byte)
      case 'value':
        return openValue(byte)
      case 'in-literal':
        return LITERAL[byte] === 1 ? 'in-literal' : afterValue(byte)
      case 'after':
        return afterValue(byte)
      default:
        return 'broken'
    }
  }

  function openKey(byte: number): JsonState {
    if (byte !== QUOTE) return 'broken'
    if (top) top.key = top.place?.keys
    return 'in-key'
  }

  function openValue(byte: number): JsonState {
    if (byte === OPEN_OBJECT) return open(false)
    if (byte === OPEN_ARRAY) return open(true)
    if (byte !== QUOTE) return FIRST_OF_LITERAL[byte] === 1 ? 'in-literal' : 'broken'
    isDelta = top !== undefined && placeIn(top)?.isDelta === true
    return 'in-string'
  }

  function afterValue(byte: number): JsonState {
    const isArray = top?.isArray === true
    if (byte !== COMMA) return byte === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT) ? close() : 'broken'
    if (top) top.index++
    return isArray ? 'value' : 'key'
  }

  function open(isArray: boolean): JsonState {
    if (stack.length === MAX_DEPTH) return 'broken'
    top = { isArray, place: top ? placeIn(top) : ROOT, key: undefined, index: 0 }
    stack.push(top)
    return isArray ? 'first-value' : 'first-key'
  }

  function close(): JsonState {
    stack.pop()
    top = stack[stack.length - 1]
    return top === undefined ? 'complete' : 'after'
  }

  function followKey(bytes: Uint8Array, from: number, to: number): void {
    let key = top?.key
    for (let at = from; key && at < to; at++) key = key.next.get(bytes[at] as number)
    if (top) top.key = key
  }

  return {
    next,
    followKey,
    get isDelta() {
      return isDelta
    },
    get path() {
      return pathOf(stack)
    },
    reset() {
      stack.length = 0
      top = undefined
      isDelta = false
    },
  }
}
