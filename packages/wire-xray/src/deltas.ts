import { latin1, toLatin1 } from '@sse-from-scratch/http-raw'
import { createJsonGrammar, type JsonElement } from './json-grammar.ts'
import { type Collected, type Place, Ranges } from './ranges.ts'
import { createRepeatedGrammar } from './repeated-json.ts'

/** A string of an event that adds text to an answer: where in the JSON it stood, and the bytes that were it. */
export interface Delta {
  readonly path: string
  readonly text: string
  readonly collected: Collected
}

export interface DeltaCollector {
  /** Names the bytes from `from` to `to` of those that begin at the place. */
  take(bytes: Uint8Array, from: number, to: number, put: (element: JsonElement, size: number) => void): void
  /** A line of the value is over. If another one follows, they are joined by a line feed. */
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
  /** As it came: a character for each byte. */
  source: string
  readonly ranges: Ranges
}

const NONE: readonly Delta[] = []
const LINE_FEED = Uint8Array.of(0x0a)

/** Reads the `data` of each event as JSON and keeps the strings that add text to an answer. */
export function createDeltaCollector(place: Place): DeltaCollector {
  const grammar = createRepeatedGrammar(createJsonGrammar())
  let sources: Source[] | undefined
  let current: Source | undefined
  let isBetween = false // lines of the value

  function keep(bytes: Uint8Array, from: number, to: number): void {
    if (!current) {
      current = { path: grammar.path, source: '', ranges: new Ranges() }
      if (sources) sources.push(current)
      else sources = [current]
    }
    current.source += latin1(bytes, from, to)
    current.ranges.add(place, from, to - from)
  }

  function joinLines(): void {
    isBetween = false
    current = undefined
    grammar.take(LINE_FEED, 0, 1, () => {})
  }

  return {
    get complete() {
      return grammar.complete
    },
    take(bytes, from, to, put) {
      if (isBetween) joinLines()
      grammar.take(bytes, from, to, (element, start, end) => {
        if (element === 'delta') keep(bytes, start, end)
        else current = undefined
        put(element, end - start)
      })
    },
    lineFeed() {
      isBetween = true
    },
    found() {
      if (!(sources && grammar.complete)) return NONE
      return sources.map(({ path, source, ranges }) => ({ path, text: textOf(source), collected: ranges.take() }))
    },
    reset() {
      grammar.reset()
      isBetween = false
      sources = undefined
      current = undefined
    },
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const ASCII = /^[\0-\x7f]*$/

/** The characters of a JSON string (RFC 8259 §7), or its source where an escape is wrong. */
function textOf(latin: string): string {
  const source = ASCII.test(latin) ? latin : utf8.decode(toLatin1(latin))
  if (!source.includes('\\')) return source
  try {
    return JSON.parse(`"${source}"`) as string
  } catch {
    return source
  }
}
