import { endOfLiteral, isBlank } from './json-bytes.ts'
import { createJsonStructure, type JsonState } from './json-structure.ts'

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c

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
  const structure = createJsonStructure()
  let state: JsonState = 'start'
  let escaped = false

  /** Where the text of a string stops: at its closing quote, at a byte no string may have, or where the bytes do. */
  function endOfText(bytes: Uint8Array, from: number, to: number): number {
    let isEscaped = escaped
    let at = from
    for (; at < to; at++) {
      const byte = bytes[at] as number
      if (byte < SPACE || (byte === QUOTE && !isEscaped)) break
      isEscaped = byte === BACKSLASH && !isEscaped
    }
    escaped = isEscaped && at === to
    return at
  }

  /** Takes the rest of a string or key, with the byte that ends it; returns where that was. */
  function takeText(bytes: Uint8Array, from: number, to: number): number {
    const end = endOfText(bytes, from, to)
    if (state === 'in-key') structure.followKey(bytes, from, end)
    if (end === to) return end
    if (bytes[end] === QUOTE) state = state === 'in-key' ? 'colon' : 'after'
    else state = 'broken'
    return end
  }

  /** Takes a byte outside of strings, or a whole literal; returns where the last of that was. */
  function takeStructure(bytes: Uint8Array, at: number, to: number): number {
    state = structure.next(state, bytes[at] as number)
    return state === 'in-literal' ? endOfLiteral(bytes, at + 1, to) - 1 : at
  }

  return {
    get path() {
      return structure.path
    },
    get complete() {
      return state === 'complete'
    },
    reset() {
      structure.reset()
      state = 'start'
      escaped = false
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
          at = takeStructure(bytes, at, to)
          continue
        }
        const inDelta = state === 'in-string' && structure.isDelta
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
