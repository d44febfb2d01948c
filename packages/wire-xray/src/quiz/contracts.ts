import { ChunkedError, createChunkedDecoder } from '@sse-from-scratch/chunked'
import { createEventDecoder } from '@sse-from-scratch/sse-client'

/** What somebody's module exports: one of the decoders that the course has people write. */
export interface DecoderModule {
  /** Of exercise 1.4: takes off the chunked coding. */
  readonly createChunkDecoder?: () => {
    push(bytes: Uint8Array): readonly Uint8Array[]
    end(): void
    readonly done: boolean
  }
  /** Of exercise 2.3: reads an event stream. */
  readonly createSseParser?: (on: (event: TheirEvent) => void) => { push(text: string): void; end(): void }
}

export interface TheirEvent {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/** What a decoder made of reads, and how that ended. */
export interface Outcome {
  readonly content: Uint8Array
  /** `whole`, or what it threw: `Malformed`, `Truncated`, or something else in its own words. */
  readonly end: string
  /** How many bytes it had been given when it threw. */
  readonly behind: number
}

/** Whatever a decoder returns for the chunked coding. */
export function runChunked(
  create: NonNullable<DecoderModule['createChunkDecoder']>,
  reads: readonly Uint8Array[],
): Outcome {
  const pieces: Uint8Array[] = []
  let [behind, size] = [0, 0]
  try {
    const decoder = made(create(), 'createChunkDecoder')
    for (const read of reads) {
      behind += read.length
      for (const piece of piecesIn(decoder.push(new Uint8Array(read)))) {
        size += piece.length
        if (size > MOST) throw new Error(`it gives more than ${MOST} bytes`)
        pieces.push(new Uint8Array(piece))
      }
      if (decoder.done) break
    }
    if (!decoder.done) decoder.end()
    return { content: Buffer.concat(pieces), end: decoder.done ? 'whole' : 'Truncated', behind }
  } catch (error) {
    return { content: Buffer.concat(pieces), end: codeOf(error), behind }
  }
}

/** Bytes that a decoder may give: bodies are a fraction of that. */
const MOST = 8 * 1024 * 1024

/** What somebody's function has returned, who may have forgotten to. */
function made<Decoder extends { push: unknown; end: unknown }>(decoder: Decoder | undefined, name: string): Decoder {
  const hasBoth = typeof decoder?.push === 'function' && typeof decoder.end === 'function'
  if (hasBoth) return decoder
  throw new TypeError(`${name}() is to return an object with push and end, and returned ${wordFor(decoder)}`)
}

function piecesIn(pushed: readonly Uint8Array[]): readonly Uint8Array[] {
  if (Array.isArray(pushed) && pushed.every((piece) => piece instanceof Uint8Array)) return pushed
  throw new TypeError(`push is to return an array of Uint8Array, and returned ${wordFor(pushed)}`)
}

function wordFor(value: unknown): string {
  if (Array.isArray(value)) return 'an array of something else'
  return value === null || typeof value !== 'object' ? String(value) : 'another object'
}

/** Ours, behind the same contract. */
export const ourChunkDecoder: NonNullable<DecoderModule['createChunkDecoder']> = () => {
  const decoder = createChunkedDecoder()
  return {
    get done() {
      return decoder.state === 'done'
    },
    push(bytes) {
      const pieces: Uint8Array[] = []
      translated(() => decoder.push(bytes, (event) => event.kind === 'data' && pieces.push(new Uint8Array(event.data))))
      return pieces
    },
    end: () => translated(() => decoder.end(() => {})),
  }
}

function translated(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    const isCut = error instanceof ChunkedError && error.code === 'CHUNKED_INCOMPLETE'
    throw Object.assign(new Error((error as Error).message), { code: isCut ? 'Truncated' : 'Malformed' })
  }
}

/** Events as lines of JSON: then they can be compared as text. */
export function runSse(create: NonNullable<DecoderModule['createSseParser']>, reads: readonly Uint8Array[]): Outcome {
  const lines: string[] = []
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let [behind, size] = [0, 0]
  const content = () => new TextEncoder().encode(lines.join(''))
  try {
    const on = (event: TheirEvent | undefined): void => {
      if (typeof event?.data !== 'string')
        throw new TypeError(`it hands out ${wordFor(event)}, which is no event with data`)
      const { type, data, lastEventId } = event
      size += data.length
      if (size > MOST) throw new Error(`it gives more than ${MOST} characters`)
      lines.push(`${JSON.stringify({ type, data, lastEventId })}\n`)
    }
    const parser = made(create(on), 'createSseParser')
    for (const read of reads) {
      behind += read.length
      parser.push(decoder.decode(read, { stream: true }))
    }
    parser.end()
    return { content: content(), end: 'whole', behind }
  } catch (error) {
    return { content: content(), end: codeOf(error), behind }
  }
}

/** Ours, behind the same contract. */
export const ourSseParser: NonNullable<DecoderModule['createSseParser']> = (on) => {
  const decoder = createEventDecoder()
  return {
    push(text) {
      decoder.push(new TextEncoder().encode(text), (item) => {
        if (item.kind === 'event') on(item.event)
      })
    },
    end: () => decoder.end(() => {}),
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${typeof error}`
  return 'code' in error && typeof error.code === 'string' ? error.code : `${error.name}: ${error.message}`
}
