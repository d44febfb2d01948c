import { createJsonGrammar, type JsonElement } from './json-grammar.ts'
import { createRanges, type Ranges } from './ranges.ts'
import type { ByteRange } from './span.ts'

/** A string of an event that adds text to an answer: where in the JSON it stood, and the bytes that were it. */
export interface Delta {
  readonly path: string
  readonly text: string
  readonly bytes: readonly ByteRange[]
}

export interface DeltaCollector {
  /** Names the bytes from `from` to `to`, the first of which is at `offset` of the stream. */
  take(
    bytes: Uint8Array,
    from: number,
    to: number,
    offset: number,
    put: (element: JsonElement, size: number) => void,
  ): void
  /** Another line of the value follows: they are joined by a line feed. */
  lineFeed(): void
  /** The deltas of the event so far, if its data is one whole JSON object. */
  found(): readonly Delta[]
  /** Whether the data is one whole JSON object. */
  readonly complete: boolean
  /** Goes on to the next event. */
  reset(): void
}

interface Source {
  readonly path: string
  readonly pieces: Uint8Array[]
  readonly ranges: Ranges
}

const LINE_FEED = Uint8Array.of(0x0a)

/** Reads the `data` of each event as JSON and keeps the strings that add text to an answer. */
export function createDeltaCollector(): DeltaCollector {
  const grammar = createJsonGrammar()
  let sources: Source[] = []
  let current: Source | undefined

  function keep(bytes: Uint8Array, from: number, to: number, start: number): void {
    if (!current) {
      current = { path: grammar.path, pieces: [], ranges: createRanges() }
      sources.push(current)
    }
    current.pieces.push(Uint8Array.from(bytes.subarray(from, to))) // views are valid only now
    current.ranges.add(start, start + to - from)
  }

  return {
    get complete() {
      return grammar.complete
    },
    take(bytes, from, to, offset, put) {
      grammar.take(bytes, from, to, (element, start, end) => {
        if (element === 'delta') keep(bytes, start, end, offset + start - from)
        else current = undefined
        put(element, end - start)
      })
    },
    lineFeed() {
      grammar.take(LINE_FEED, 0, 1, () => {
        current = undefined
      })
    },
    found() {
      if (!grammar.complete) return []
      return sources.map(({ path, pieces, ranges }) => ({ path, text: textOf(pieces), bytes: ranges.take() }))
    },
    reset() {
      grammar.reset()
      if (sources.length > 0) sources = []
      current = undefined
    },
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The characters of a JSON string (RFC 8259 §7), or its source where an escape is wrong. */
function textOf(pieces: readonly Uint8Array[]): string {
  const source = pieces.length === 1 ? utf8.decode(pieces[0]) : pieces.map(streamed).join('') + utf8.decode()
  if (!source.includes('\\')) return source
  try {
    return JSON.parse(`"${source}"`) as string
  } catch {
    return source
  }
}

function streamed(piece: Uint8Array): string {
  return utf8.decode(piece, { stream: true })
}
