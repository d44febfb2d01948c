import { type BodyEvent, bodyTooLarge, Fields, type Limits } from '@sse-from-scratch/http-raw/decoder'
import { createExtensionReader, type ExtensionReader } from './chunk-ext.ts'
import { badSize, createSizeReader, type SizeReader } from './chunk-size.ts'
import { ChunkedError } from './errors.ts'
import type { ChunkedState } from './grammar.ts'
import { JoinedData } from './joined-data.ts'
import { CR, isBlank, LF, SEMICOLON } from './octets.ts'
import { createOverhead } from './overhead.ts'
import { createTrailerReader, type TrailerReader } from './trailers.ts'

type Emit = (event: BodyEvent) => void

/** The states of `grammar.ts`, and where each byte leads. Throws at the first that leads nowhere. */
export class ChunkStates {
  state: ChunkedState = 'chunk-size'
  /** Bytes of chunk-data still to come. */
  left: number = 0
  /** How large the body is, as far as it has been announced. */
  readonly body: { size: number } = { size: 0 }
  /** Where chunk-data goes; whoever calls {@link take} begins and ends it. */
  readonly data: JoinedData = new JoinedData()
  readonly #limits: Limits
  readonly #sizes: SizeReader
  readonly #extensions: ExtensionReader
  readonly #trailers: TrailerReader

  constructor(limits: Limits) {
    const overhead = createOverhead(limits.chunkExtensionSize, this.body)
    this.#limits = limits
    this.#sizes = createSizeReader(overhead)
    this.#extensions = createExtensionReader(overhead)
    this.#trailers = createTrailerReader(limits)
  }

  /** The next byte is the first of a chunk. */
  get isBetweenChunks(): boolean {
    return this.state === 'chunk-size' && this.#sizes.isEmpty
  }

  /** Takes the byte at `at`, or more if they are of one kind; returns where the next one is. */
  take(bytes: Uint8Array, at: number, emit: Emit): number {
    const byte = bytes[at] as number
    switch (this.state) {
      case 'chunk-size':
        this.#takeSizeByte(byte)
        return at + 1
      case 'chunk-ext':
        if (this.#extensions.push(byte)) this.state = 'chunk-size-lf'
        return at + 1
      case 'chunk-size-lf':
        if (byte !== LF) throw badDelimiter('CR without LF after a chunk-size')
        this.#startChunk()
        return at + 1
      case 'chunk-data':
        return this.#takeData(bytes, at)
      case 'chunk-data-cr':
        if (byte !== CR) throw badDelimiter('chunk-data runs past its chunk-size')
        this.state = 'chunk-data-lf'
        return at + 1
      case 'chunk-data-lf':
        if (byte !== LF) throw badDelimiter('CR without LF after chunk-data')
        this.state = 'chunk-size'
        return at + 1
      case 'trailer-section':
        return this.#takeTrailers(bytes, at, emit)
      case 'done':
        return at
    }
  }

  /** A digit, or the first byte behind the digits. */
  #takeSizeByte(byte: number): void {
    if (this.#sizes.push(byte)) return
    if (byte === CR) this.state = 'chunk-size-lf'
    else if (byte !== SEMICOLON && !isBlank(byte)) throw badSize(`chunk-size followed by byte ${byte}`)
    else {
      this.state = 'chunk-ext'
      this.#extensions.push(byte)
    }
  }

  /** The LF after a chunk-size: now the size is known. */
  #startChunk(): void {
    this.left = this.#sizes.take()
    this.state = this.left === 0 ? 'trailer-section' : 'chunk-data'
    this.body.size += this.left
    if (this.body.size > this.#limits.bodySize) throw bodyTooLarge(this.#limits.bodySize)
  }

  /** Hands on as much of the chunk as has arrived. */
  #takeData(bytes: Uint8Array, at: number): number {
    const size = Math.min(this.left, bytes.length - at)
    this.left -= size
    if (this.left === 0) this.state = 'chunk-data-cr'
    this.data.add(at, at + size)
    return at + size
  }

  /** Everything behind the last chunk, and with the empty line there the end. */
  #takeTrailers(bytes: Uint8Array, at: number, emit: Emit): number {
    const taken = this.#trailers.push(bytes.subarray(at))
    if (this.#trailers.done) {
      const { fields } = this.#trailers
      this.state = 'done'
      this.data.flush()
      if (fields.length > 0) emit({ kind: 'trailers', fields: new Fields(fields) })
      emit({ kind: 'end' })
    }
    return at + taken
  }
}

function badDelimiter(why: string): ChunkedError {
  return new ChunkedError('CHUNKED_BAD_DELIMITER', why)
}
