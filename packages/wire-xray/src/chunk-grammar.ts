import type { ChunkedState } from '@sse-from-scratch/chunked'
import { createHeadGrammar } from './head-grammar.ts'

const CR = 13

/** Names the framing bytes of a chunked body (RFC 9112 §7.1) by the decoder's state and, where a CR ends it, the byte. */
export function createChunkGrammar(): (state: Exclude<ChunkedState, 'chunk-data' | 'done'>, byte: number) => string {
  const trailerSection = createHeadGrammar()
  return (state, byte) => {
    switch (state) {
      case 'chunk-size':
        if (byte === CR) return 'crlf'
        return isHexDigit(byte) ? 'chunk-size' : 'chunk-ext'
      case 'chunk-ext':
        return byte === CR ? 'crlf' : 'chunk-ext'
      case 'chunk-size-lf':
      case 'chunk-data-cr':
      case 'chunk-data-lf':
        return 'crlf'
      case 'trailer-section':
        return trailerSection(byte)
    }
  }
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 32
  return (byte >= 48 && byte <= 57) || (letter >= 97 && letter <= 102)
}
