import { type BodyDecoder, DEFAULT_LIMITS, type Limits } from '@sse-from-scratch/http-raw/decoder'
import { ChunkStates } from './chunk-states.ts'
import { ChunkedError } from './errors.ts'
import type { ChunkedState } from './grammar.ts'
import { takeWholeChunks } from './whole-chunks.ts'

/** A decoder of chunked bodies. */
export interface ChunkedDecoder extends BodyDecoder {
  readonly state: ChunkedState
  /** Bytes of the current chunk's data that are still to come: 0 outside of chunk-data. Whoever is cut off can say by how much. */
  readonly left: number
}

/**
 * Takes the framing off a chunked body and hands on what was inside, as views of the bytes that were pushed: one for each chunk,
 * or one for many small ones, if it may overwrite the bytes (see {@link BodyDecoder}).
 *
 * Throws a {@link ChunkedError} for bytes that are no chunked body, `HTTP_BAD_FIELD` for a broken trailer field, and
 * `HTTP_BODY_TOO_LARGE` as soon as a chunk-size announces more than `bodySize`. After that it stays broken.
 * Limits that are not named have their defaults.
 */
export function createChunkedDecoder(options: Partial<Limits> = {}): ChunkedDecoder {
  const limits = { ...DEFAULT_LIMITS, ...options }
  const states = new ChunkStates(limits)
  let broken: { readonly error: unknown } | undefined

  return {
    get state() {
      return states.state
    },
    get left() {
      return states.state === 'chunk-data' ? states.left : 0
    },
    push(bytes, emit, mayOverwrite = false) {
      if (broken) throw broken.error
      const { data } = states
      let at = 0
      data.begin(bytes, emit, mayOverwrite)
      try {
        while (at < bytes.length && states.state !== 'done') {
          if (states.isBetweenChunks) at = takeWholeChunks(bytes, at, states.body, limits.bodySize, data)
          if (at < bytes.length) at = states.take(bytes, at, emit)
        }
        data.end()
      } catch (error) {
        broken = { error } // whatever follows, nobody knows what it would mean
        data.end() // what was good is handed on first
        throw error
      }
      return at
    },
    end() {
      if (broken) throw broken.error
      if (states.state !== 'done') throw new ChunkedError('CHUNKED_INCOMPLETE', `the stream ended in ${states.state}`)
    },
  }
}
