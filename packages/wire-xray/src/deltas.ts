import { createJsonGrammar } from './json-grammar.ts'
import { createRanges, type Ranges } from './ranges.ts'
import type { ByteRange } from './span.ts'

/** Text a model added to its answer, where in the JSON it stood, and the bytes that were it. */
export interface Delta {
  readonly path: string
  readonly text: string
  readonly bytes: readonly ByteRange[]
}

export interface DeltaCollector {
  name(byte: number, offset: number): 'json' | 'delta' | undefined
  /** The deltas of the event so far, if its data is one whole JSON object. */
  take(): readonly Delta[]
  /** Goes on to the next event. */
  reset(): void
}

interface Source {
  readonly path: string
  readonly raw: number[]
  readonly ranges: Ranges
}

/** Reads the `data` of each event as JSON and keeps the strings that add text to an answer. */
export function createDeltaCollector(): DeltaCollector {
  const grammar = createJsonGrammar()
  let sources: Source[] = []
  let current: Source | undefined
  return {
    name(byte, offset) {
      const element = grammar.name(byte)
      if (element !== 'delta') {
        current = undefined
        return element
      }
      if (!current) {
        current = { path: grammar.path, raw: [], ranges: createRanges() }
        sources.push(current)
      }
      current.raw.push(byte)
      current.ranges.add(offset)
      return element
    },
    take() {
      if (!grammar.complete) return []
      return sources.map(({ path, raw, ranges }) => ({ path, text: textOf(raw), bytes: ranges.take() }))
    },
    reset() {
      grammar.reset()
      sources = []
      current = undefined
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
