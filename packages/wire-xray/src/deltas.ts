import { createJsonGrammar } from './json-grammar.ts'
import { addByte, type ByteRange } from './span.ts'

/** Text a model added to its answer, where it stood, and the bytes that were it. */
export interface Delta {
  readonly path: string
  readonly text: string
  readonly bytes: readonly ByteRange[]
}

export interface DeltaCollector {
  name(byte: number, offset: number): 'json' | 'delta' | undefined
  /** The deltas of the event, if its data was one whole JSON object. */
  take(): readonly Delta[]
}

/** Reads the `data` of one event as JSON and keeps the strings that add text to an answer. */
export function createDeltaCollector(): DeltaCollector {
  const grammar = createJsonGrammar()
  const found: { readonly path: string; readonly raw: number[]; readonly bytes: [number, number][] }[] = []
  let current: (typeof found)[number] | undefined
  return {
    name(byte, offset) {
      const element = grammar.name(byte)
      if (element !== 'delta') {
        current = undefined
        return element
      }
      if (!current) {
        current = { path: grammar.path, raw: [], bytes: [] }
        found.push(current)
      }
      current.raw.push(byte)
      addByte(current.bytes, offset)
      return element
    },
    take() {
      if (!grammar.complete) return []
      return found.map(({ path, raw, bytes }) => ({ path, text: textOf(raw), bytes }))
    },
  }
}

/** The characters of a JSON string (RFC 8259 §7), or its source where an escape is wrong. */
function textOf(raw: readonly number[]): string {
  const source = new TextDecoder().decode(Uint8Array.from(raw))
  try {
    return JSON.parse(`"${source}"`) as string
  } catch {
    return source
  }
}
