import type { ChunkedState } from '@sse-from-scratch/chunked'
import type { Fields } from '@sse-from-scratch/http-raw'
import { IN_HEAD } from './finding.ts'
import { createHeadGrammar } from './head-grammar.ts'
import { type Find, type Name, nameOf, type Put } from './name.ts'
import { printable } from './printable.ts'

const CR = 13
const LF = 10

const CHUNK_SIZE = nameOf('chunked', 'chunk-size')
const CHUNK_EXT = nameOf('chunked', 'chunk-ext')
const CRLF = nameOf('chunked', 'crlf')

type FramingState = Exclude<ChunkedState, 'chunk-data' | 'done'>

/** Names the framing of chunked bodies (RFC 9112 §7.1), and finds the chunks. */
export interface ChunkNamer {
  /** Names a run that {@link framingRun} made, all but its last byte. */
  takeFirst(run: Uint8Array, before: FramingState, put: Put): void
  /** The name of the last byte of a run that the decoder took in state `before` and came out of in `after`. */
  name(run: Uint8Array, before: FramingState, after: string, offset: number): Name
  takeTrailers(fields: Fields, offset: number): void
  /** Where the current chunk, or the trailer section, begins. */
  readonly start: number
  /** The number of the current chunk. */
  readonly no: number
}

/** Whether a state of the message decoder is one of the chunked coding's own, besides the data. */
export function isFraming(state: string): state is FramingState {
  switch (state) {
    case 'chunk-size':
    case 'chunk-ext':
    case 'chunk-size-lf':
    case 'chunk-data-cr':
    case 'chunk-data-lf':
    case 'trailer-section':
      return true
    default:
      return false
  }
}

/**
 * How many bytes of framing the decoder can be given at once, because it can refuse none of them but the last: a short
 * size line without extension, from its start, or a CRLF, where it is whole; else one byte. (Trailers go by lines.)
 */
export function framingRun(bytes: Uint8Array, at: number, state: FramingState, isStart: boolean): number {
  if (state === 'chunk-data-cr') return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1
  if (state !== 'chunk-size' || !isStart) return 1
  let end = at
  while (end - at < FEW_DIGITS && isHexDigit(bytes[end] as number)) end++
  return end > at && bytes[end] === CR && bytes[end + 1] === LF ? end + 2 - at : 1
}

/** So few that the decoder counts none of them as overhead. */
const FEW_DIGITS = 4

export function createChunkNamer(firstByte: number, find: Find): ChunkNamer {
  const inTrailers = createHeadGrammar()
  let start = firstByte
  let data = firstByte // where the current chunk's data begins
  let no = 0

  /** The part of the grammar a byte belongs to. What ends a chunk-size or chunk-ext is its CR. */
  function partOf(state: FramingState, byte: number): Name {
    if (state === 'trailer-section') return inTrailers.name(byte)
    if (byte === CR || (state !== 'chunk-size' && state !== 'chunk-ext')) return CRLF
    return state === 'chunk-size' && isHexDigit(byte) ? CHUNK_SIZE : CHUNK_EXT
  }

  function endChunk(kind: 'chunk' | 'last-chunk', summary: string, end: number): void {
    find({ layer: 'chunked', kind, summary, bytes: [[start, end]], parent: IN_HEAD })
    start = end
    no++
  }

  return {
    get start() {
      return start
    },
    get no() {
      return no
    },
    takeFirst(run, before, put) {
      const size = run.length - 1
      if (before === 'trailer-section') return inTrailers.take(run, 0, size, put)
      if (size > 1) put(CHUNK_SIZE, size - 1)
      if (size > 0) put(CRLF, 1)
    },
    name(run, before, after, offset) {
      const byte = run[run.length - 1] as number
      const ends = byte === LF && (before === 'chunk-size-lf' || (before === 'chunk-size' && run.length > 1))
      if (ends) data = offset + 1
      if (ends && after !== 'chunk-data') endChunk('last-chunk', 'size 0: the last chunk', offset + 1)
      if (after === 'chunk-size' && byte === LF) endChunk('chunk', `${offset - 1 - data} bytes of data`, offset + 1)
      return run.length > 1 && before !== 'trailer-section' ? CRLF : partOf(before, byte)
    },
    takeTrailers(fields, offset) {
      const summary = printable([...fields].map(([name]) => name).join(', '))
      find({ layer: 'chunked', kind: 'trailers', summary, bytes: [[start, offset + 1]], parent: IN_HEAD })
    },
  }
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 32
  return (byte >= 48 && byte <= 57) || (letter >= 97 && letter <= 102)
}
