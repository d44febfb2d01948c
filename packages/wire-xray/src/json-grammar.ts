import { ROOT } from './delta-paths.ts'
import { type Container, pathOf, placeIn } from './json-path.ts'

const MAX_DEPTH = 64
const MAX_KEY = 64 // characters of a key we remember: the ones we look for are shorter

const HTAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

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

/** `delta` inside a string that adds text to an answer, `json` elsewhere, `undefined` where it is not a JSON object. */
export type JsonElement = 'json' | 'delta' | undefined

export interface JsonGrammar {
  /** Names the bytes from `from` to `to`. */
  take(bytes: Uint8Array, from: number, to: number, put: (element: JsonElement, from: number, to: number) => void): void
  /** The path of the current string: `choices[0].delta.content`. */
  readonly path: string
  readonly complete: boolean
  /** Starts on another object. */
  reset(): void
}

/** Names the bytes of one JSON object (RFC 8259) well enough to know in which string a byte is. It builds no value. */
export function createJsonGrammar(): JsonGrammar {
  const stack: Container[] = []
  let top: Container | undefined
  let state: State = 'start'
  let escaped = false
  let isDelta = false

  function next(byte: number): State {
    if (isBlank(byte)) return state === 'in-literal' ? 'after' : state
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

  function openKey(byte: number): State {
    if (byte !== QUOTE) return 'broken'
    if (top) top.key = ''
    return 'in-key'
  }

  function openValue(byte: number): State {
    if (byte === OPEN_OBJECT) return open(false)
    if (byte === OPEN_ARRAY) return open(true)
    if (byte !== QUOTE) return FIRST_OF_LITERAL[byte] === 1 ? 'in-literal' : 'broken'
    isDelta = top !== undefined && placeIn(top)?.isDelta === true
    return 'in-string'
  }

  function afterValue(byte: number): State {
    const isArray = top?.isArray === true
    if (byte !== COMMA) return byte === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT) ? close() : 'broken'
    if (top) top.index++
    return isArray ? 'value' : 'key'
  }

  function open(isArray: boolean): State {
    if (stack.length === MAX_DEPTH) return 'broken'
    top = { isArray, place: top ? placeIn(top) : ROOT, key: '', index: 0 }
    stack.push(top)
    return isArray ? 'first-value' : 'first-key'
  }

  function close(): State {
    stack.pop()
    top = stack[stack.length - 1]
    return top === undefined ? 'complete' : 'after'
  }

  /** Where the text of a string stops: at its closing quote, at a byte no string may have, or where the bytes do. */
  function endOfText(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    for (; at < to; at++) {
      const byte = bytes[at] as number
      if (byte < SPACE) return at
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = true
      else if (byte === QUOTE) return at
    }
    return at
  }

  function keepKey(bytes: Uint8Array, from: number, to: number): void {
    if (top?.place === undefined) return
    const end = Math.min(to, from + MAX_KEY - top.key.length)
    for (let at = from; at < end; at++) top.key += String.fromCharCode(bytes[at] as number)
  }

  /** Takes the rest of a string or key, with the byte that ends it; returns where that was. */
  function takeText(bytes: Uint8Array, from: number, to: number): number {
    const end = endOfText(bytes, from, to)
    if (state === 'in-key') keepKey(bytes, from, end)
    if (end === to) return end
    if (bytes[end] === QUOTE) state = state === 'in-key' ? 'colon' : 'after'
    else state = 'broken'
    return end
  }

  return {
    get path() {
      return pathOf(stack)
    },
    get complete() {
      return state === 'complete'
    },
    reset() {
      stack.length = 0
      top = undefined
      state = 'start'
      escaped = isDelta = false
    },
    take(bytes, from, to, put) {
      let named = from // up to here; what is behind it and has been read is json
      let at = from
      const putJson = (end: number) => {
        if (end > named) put('json', named, end)
        named = end
      }
      while (at < to && state === 'start' && isBlank(bytes[at] as number)) at++
      if (at > named) put(undefined, named, at)
      named = at
      for (; at < to && state !== 'broken'; at++) {
        if (state !== 'in-string' && state !== 'in-key') {
          state = next(bytes[at] as number)
          continue
        }
        const inDelta = isDelta && state === 'in-string'
        const end = takeText(bytes, at, to)
        if (inDelta && end > at) {
          putJson(at)
          put('delta', at, end)
          named = end
        }
        at = end
        if (at === to) break
      }
      const isBroken = state === 'broken'
      putJson(isBroken && at > from ? Math.max(named, at - 1) : at)
      if (named < to) put(undefined, named, to)
    },
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === HTAB || byte === LF || byte === CR
}

/** What may be in a number, `true`, `false` or `null`. That it makes sense is for whoever parses it. */
const LITERAL: Uint8Array = tableOf(/[\w.+-]/)
const FIRST_OF_LITERAL: Uint8Array = tableOf(/[-\dtfn]/)

function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0))
}
