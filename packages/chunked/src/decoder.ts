import {
  type BodyEvent,
  bodyTooLarge,
  Fields,
  type Limits,
  latin1,
  NO_LIMITS,
  parseFieldLine,
} from '@sse-from-scratch/http-raw'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { ChunkedError } from './errors.ts'

/**
 *     chunked-body = *chunk last-chunk trailer-section CRLF
 *     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *
 * One state per element of the grammar (RFC 9112 §7.1).
 */
export type ChunkedState =
  | 'chunk-size'
  | 'chunk-ext'
  | 'chunk-size-lf'
  | 'chunk-data'
  | 'chunk-data-cr'
  | 'chunk-data-lf'
  | 'trailer-section'
  | 'done'

const CR = 13
const LF = 10
const SEMICOLON = 59
const MAX_SIZE_DIGITS = 13 // 16^13 is just below 2^53: past that, JavaScript stops counting by one
const FREE_OVERHEAD = 16 * 1024 // framing bytes forgiven before we compare them with the data

/** Takes the framing off a chunked body and hands on what was inside. */
export function createChunkedDecoder(limits: Limits = NO_LIMITS): Decoder<BodyEvent, ChunkedState> {
  let state: ChunkedState = 'chunk-size'
  let left = 0 // of the current chunk
  let digits = 0
  let decoded = 0
  let overhead = 0
  let trailers = ''

  /** Takes the trailer section up to and including its blank line; returns how many bytes that was. */
  function pushTrailers(bytes: Uint8Array, emit: (event: BodyEvent) => void): number {
    const before = trailers.length
    trailers += latin1(bytes)
    const blank = trailers.startsWith('\r\n') ? 0 : trailers.indexOf('\r\n\r\n') + 2
    if (blank === 1) {
      if (trailers.length > limits.headSize) throw tooMuchOverhead()
      return bytes.length
    }
    state = 'done'
    const lines = trailers
      .slice(0, blank)
      .split('\r\n')
      .filter((line) => line !== '')
    if (lines.length > 0) emit({ kind: 'trailers', fields: new Fields(lines.map(parseFieldLine)) })
    emit({ kind: 'end' })
    return blank + 2 - before
  }

  function push(bytes: Uint8Array, emit: (event: BodyEvent) => void): number {
    let at = 0
    while (at < bytes.length && state !== 'done') {
      const byte = bytes[at] as number
      switch (state) {
        case 'chunk-size': {
          const digit = hexDigit(byte)
          if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = left * 16 + digit
            digits++
          } else if (digits === 0 || digit >= 0) throw new ChunkedError('CHUNKED_BAD_SIZE', 'not a chunk-size')
          else if (byte === CR) state = 'chunk-size-lf'
          else if (byte === SEMICOLON) state = 'chunk-ext'
          else throw new ChunkedError('CHUNKED_BAD_SIZE', `chunk-size followed by byte ${byte}`)
          at++
          break
        }
        case 'chunk-ext': // RFC 9112 §7.1.1: a recipient MUST ignore extensions it does not know. We know none.
          if (byte === LF) throw badDelimiter('a bare LF in chunk-ext')
          if (byte === CR) state = 'chunk-size-lf'
          if (++overhead > FREE_OVERHEAD + decoded) throw tooMuchOverhead()
          at++
          break
        case 'chunk-size-lf':
          if (byte !== LF) throw badDelimiter('chunk-size without CRLF')
          state = left === 0 ? 'trailer-section' : 'chunk-data'
          overhead += digits + 4
          digits = 0
          if (overhead > FREE_OVERHEAD + 16 * decoded) throw tooMuchOverhead()
          at++
          break
        case 'chunk-data': {
          const data = bytes.subarray(at, at + left)
          at += data.length
          left -= data.length
          decoded += data.length
          if (decoded > limits.bodySize) throw bodyTooLarge(limits.bodySize)
          emit({ kind: 'data', data })
          if (left === 0) state = 'chunk-data-cr'
          break
        }
        case 'chunk-data-cr':
          if (byte !== CR) throw badDelimiter('chunk-data runs past its chunk-size')
          state = 'chunk-data-lf'
          at++
          break
        case 'chunk-data-lf':
          if (byte !== LF) throw badDelimiter('chunk-data without CRLF')
          state = 'chunk-size'
          at++
          break
        case 'trailer-section':
          at += pushTrailers(bytes.subarray(at), emit)
          break
      }
    }
    return at
  }

  return {
    get state() {
      return state
    },
    push,
    end() {
      if (state !== 'done') throw new ChunkedError('CHUNKED_INCOMPLETE', `the stream ended in ${state}`)
    },
  }
}

/** The value of a HEXDIG, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function badDelimiter(why: string): ChunkedError {
  return new ChunkedError('CHUNKED_BAD_DELIMITER', why)
}

function tooMuchOverhead(): ChunkedError {
  return new ChunkedError('CHUNKED_TOO_MUCH_OVERHEAD', 'more framing than data')
}
