import type { ChunkedState } from '@sse-from-scratch/chunked'
import type { Fields } from '@sse-from-scratch/http-raw'
import { createHeadGrammar } from './head-grammar.ts'
import { type Find, type Name, nameOf, type Put } from './name.ts'
import { printable } from './printable.ts'

const CR = 13

const CHUNK_SIZE = nameOf('chunked', 'chunk-size')
const CHUNK_EXT = nameOf('chunked', 'chunk-ext')
const CRLF = nameOf('chunked', 'crlf')

type FramingState = Exclude<ChunkedState, 'chunk-data' | 'done'>

const FRAMING: Readonly<Record<FramingState, true>> = {
  'chunk-size': true,
  'chunk-ext': true,
  'chunk-size-lf': true,
  'chunk-data-cr': true,
  'chunk-data-lf': true,
  'trailer-section': true,
}

/** Names the framing of chunked bodies (RFC 9112 §7.1), and finds the chunks. */
export interface ChunkNamer {
  /** The name of a byte the decoder took in state `before` and came out of in `after`. */
  name(before: FramingState, after: string, byte: number, offset: number): Name
  /** Names bytes of the trailer section. */
  take(bytes: Uint8Array, from: number, to: number, put: Put): void
  takeTrailers(fields: Fields, offset: number): void
  /** Where the current chunk, or the trailer section, begins. */
  readonly start: number
}

/** Whether a state of the message decoder is one of the chunked coding's own, besides the data. */
export function isFraming(state: string): state is FramingState {
  return Object.hasOwn(FRAMING, state)
}

export function createChunkNamer(firstByte: number, find: Find): ChunkNamer {
  const inTrailers = createHeadGrammar()
  let start = firstByte
  let data = firstByte // where the current chunk's data begins

  /** The part of the grammar a byte belongs to. What ends a chunk-size or chunk-ext is its CR. */
  function partOf(state: FramingState, byte: number): Name {
    if (state === 'trailer-section') return inTrailers.name(byte)
    if (byte === CR || (state !== 'chunk-size' && state !== 'chunk-ext')) return CRLF
    return state === 'chunk-size' && isHexDigit(byte) ? CHUNK_SIZE : CHUNK_EXT
  }

  function endChunk(kind: 'chunk' | 'last-chunk', summary: string, end: number): void {
    find({ layer: 'chunked', kind, summary, bytes: [[start, end]] })
    start = end
  }

  return {
    get start() {
      return start
    },
    name(before, after, byte, offset) {
      if (before === 'chunk-size-lf') data = offset + 1
      if (before === 'chunk-size-lf' && after !== 'chunk-data')
        endChunk('last-chunk', 'size 0: the last chunk', offset + 1)
      if (before === 'chunk-data-lf') endChunk('chunk', `${offset - 1 - data} bytes of data`, offset + 1)
      return partOf(before, byte)
    },
    take: inTrailers.take,
    takeTrailers(fields, offset) {
      const summary = printable([...fields].map(([name]) => name).join(', '))
      find({ layer: 'chunked', kind: 'trailers', summary, bytes: [[start, offset + 1]] })
    },
  }
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 32
  return (byte >= 48 && byte <= 57) || (letter >= 97 && letter <= 102)
}
