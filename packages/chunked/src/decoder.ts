import { type BodyEvent, bodyTooLarge, DEFAULT_LIMITS, Fields, type Limits } from '@sse-from-scratch/http-raw/decoder'
import type { Decoder } from '@sse-from-scratch/tcp-echo'
import { createExtensionReader, isBlank } from './chunk-ext.ts'
import { badSize, createSizeReader } from './chunk-size.ts'
import { ChunkedError } from './errors.ts'
import type { ChunkedState } from './grammar.ts'
import { createOverhead } from './overhead.ts'
import { createTrailerReader } from './trailers.ts'
import { takeWholeChunks } from './whole-chunks.ts'

const LF = 0x0a
const CR = 0x0d
const SEMICOLON = 0x3b

/** A decoder of chunked bodies. */
export interface ChunkedDecoder extends Decoder<BodyEvent, ChunkedState> {
  /** Bytes of the current chunk's data that are still to come: 0 outside of chunk-data. Whoever is cut off can say by how much. */
  readonly left: number
}

/**
 * Takes the framing off a chunked body and hands on what was inside, as views of the bytes that were pushed.
 *
 * Throws a {@link ChunkedError} for bytes that are no chunked body, `HTTP_BAD_FIELD` for a broken trailer field, and
 * `HTTP_BODY_TOO_LARGE` as soon as a chunk-size announces more than `bodySize`. After that it stays broken.
 * Limits that are not named have their defaults.
 */
export function createChunkedDecoder(options: Partial<Limits> = {}): ChunkedDecoder {
  const limits = { ...DEFAULT_LIMITS, ...options }
  let state: ChunkedState = 'chunk-size'
  let left = 0 // bytes of chunk-data still to come
  let broken: { readonly error: unknown } | undefined
  const body = { size: 0 } // as far as it has been announced
  const overhead = createOverhead(limits.chunkExtensionSize, body)
  const sizes = createSizeReader(overhead)
  const extensions = createExtensionReader(overhead)
  const trailers = createTrailerReader(limits)

  /** A digit, or the first byte behind the digits. */
  function takeSizeByte(byte: number): void {
    if (sizes.push(byte)) return
    if (byte === CR) state = 'chunk-size-lf'
    else if (byte !== SEMICOLON && !isBlank(byte)) throw badSize(`chunk-size followed by byte ${byte}`)
    else {
      state = 'chunk-ext'
      extensions.push(byte)
    }
  }

  /** The LF after a chunk-size: now the size is known. */
  function startChunk(): void {
    left = sizes.take()
    state = left === 0 ? 'trailer-section' : 'chunk-data'
    body.size += left
    if (body.size > limits.bodySize) throw bodyTooLarge(limits.bodySize)
  }

  /** Hands on as much of the chunk as has arrived. */
  function takeData(bytes: Uint8Array, at: number, emit: (event: BodyEvent) => void): number {
    const size = Math.min(left, bytes.length - at)
    left -= size
    if (left === 0) state = 'chunk-data-cr'
    emit({ kind: 'data', data: new Uint8Array(bytes.buffer, bytes.byteOffset + at, size) })
    return at + size
  }

  /** Everything behind the last chunk, and with the empty line there the end. */
  function takeTrailers(bytes: Uint8Array, at: number, emit: (event: BodyEvent) => void): number {
    const taken = trailers.push(bytes.subarray(at))
    if (trailers.done) {
      state = 'done'
      if (trailers.fields.length > 0) emit({ kind: 'trailers', fields: new Fields(trailers.fields) })
      emit({ kind: 'end' })
    }
    return at + taken
  }

  /** Takes the byte at `at`, or more if they are of one kind; returns where the next one is. */
  function take(bytes: Uint8Array, at: number, emit: (event: BodyEvent) => void): number {
    const byte = bytes[at] as number
    switch (state) {
      case 'chunk-size':
        takeSizeByte(byte)
        return at + 1
      case 'chunk-ext':
        if (extensions.push(byte)) state = 'chunk-size-lf'
        return at + 1
      case 'chunk-size-lf':
        if (byte !== LF) throw badDelimiter('CR without LF after a chunk-size')
        startChunk()
        return at + 1
      case 'chunk-data':
        return takeData(bytes, at, emit)
      case 'chunk-data-cr':
        if (byte !== CR) throw badDelimiter('chunk-data runs past its chunk-size')
        state = 'chunk-data-lf'
        return at + 1
      case 'chunk-data-lf':
        if (byte !== LF) throw badDelimiter('CR without LF after chunk-data')
        state = 'chunk-size'
        return at + 1
      case 'trailer-section':
        return takeTrailers(bytes, at, emit)
      case 'done':
        return at
    }
  }

  return {
    get state() {
      return state
    },
    get left() {
      return state === 'chunk-data' ? left : 0
    },
    push(bytes, emit) {
      if (broken) throw broken.error
      let at = 0
      try {
        while (at < bytes.length && state !== 'done') {
          if (state === 'chunk-size' && sizes.isEmpty) at = takeWholeChunks(bytes, at, body, limits.bodySize, emit)
          if (at < bytes.length) at = take(bytes, at, emit)
        }
      } catch (error) {
        broken = { error } // whatever follows, nobody knows what it would mean
        throw error
      }
      return at
    },
    end() {
      if (broken) throw broken.error
      if (state !== 'done') throw new ChunkedError('CHUNKED_INCOMPLETE', `the stream ended in ${state}`)
    },
  }
}

function badDelimiter(why: string): ChunkedError {
  return new ChunkedError('CHUNKED_BAD_DELIMITER', why)
}
