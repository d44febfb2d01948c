import { explainDifference } from '../explain-difference.ts'
import { wrap } from '../format.ts'
import { printable } from '../printable.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { type BodyReads, bodyReadsOf } from './body-reads.ts'
import { type DecoderModule, type Outcome, ourChunkDecoder, ourSseParser, runChunked, runSse } from './contracts.ts'

/** Whether a decoder agrees with ours about an answer, and where it does not. */
export interface Comparison {
  readonly agrees: boolean
  /** For people, within the columns. */
  readonly lines: readonly string[]
}

/** One way to hand over the same bytes. */
type Cut = readonly [name: string, reads: readonly Uint8Array[]]

/** Bytes of a body that are also handed over one by one. */
const ONE_BY_ONE = 64 * 1024

/**
 * Gives the body of an answer to somebody's decoder and to ours, as it was read, one byte at a time, and all at once. What they
 * disagree about first is explained as {@link explainDifference} does it. Undefined for an answer that is nothing for this decoder.
 */
export function compareDecoder(module: DecoderModule, exchange: Exchange, columns: number): Comparison | undefined {
  const body = bodyReadsOf(exchange)
  const isChunked = /\bchunked$/i.test(exchange.response?.fields.get('transfer-encoding') ?? '')
  const isEvents = /^text\/event-stream\b/i.test(exchange.response?.fields.get('content-type') ?? '')
  const isCoded = exchange.response?.fields.has('content-encoding') ?? false
  if (!body) return undefined
  if (module.createChunkDecoder && isChunked) return compareChunked(module.createChunkDecoder, body, columns)
  if (module.createSseParser && isEvents && !isCoded)
    return compareSse(module.createSseParser, body, isChunked, columns)
  return undefined
}

function compareChunked(
  create: NonNullable<DecoderModule['createChunkDecoder']>,
  { reads, start }: BodyReads,
  columns: number,
): Comparison {
  for (const [name, parts] of cutsOf(reads)) {
    const [ours, theirs] = [runChunked(ourChunkDecoder, parts), runChunked(create, parts)]
    const lines = differenceIn(ours, theirs, columns)
    if (lines) return { agrees: false, lines: [`Given ${name}:`, ...placeOf(ours, theirs, reads, start), ...lines] }
  }
  return { agrees: true, lines: [] }
}

/** Where on the wire the first byte of content is that they disagree about. */
function placeOf(ours: Outcome, theirs: Outcome, reads: readonly Uint8Array[], start: number): readonly string[] {
  const at = firstDifference(ours.content, theirs.content)
  if (at >= ours.content.length) return []
  const wire = offsetsOf(reads)[at]
  return wire === undefined ? [] : [`byte ${at} of the content, which is byte ${start + wire} of the stream`]
}

/** For each byte of content where it was in the body: what our decoder gives when it gets this one. */
function offsetsOf(reads: readonly Uint8Array[]): readonly number[] {
  const decoder = ourChunkDecoder()
  const offsets: number[] = []
  try {
    for (const [at, byte] of Buffer.concat(reads).entries()) {
      for (const { length } of decoder.push(Uint8Array.of(byte))) if (length > 0) offsets.push(at)
      if (decoder.done) break
    }
  } catch {
    // What comes behind the broken byte is no content.
  }
  return offsets
}

function compareSse(
  create: NonNullable<DecoderModule['createSseParser']>,
  { reads }: BodyReads,
  isChunked: boolean,
  columns: number,
): Comparison {
  const content = isChunked ? reads.map(contentOf(ourChunkDecoder())) : reads
  for (const [name, parts] of cutsOf(content)) {
    const lines = differenceIn(runSse(ourSseParser, parts), runSse(create, parts), columns)
    if (lines) return { agrees: false, lines: [`Given ${name}, events as lines of JSON:`, ...lines] }
  }
  return { agrees: true, lines: [] }
}

/** A stream that is broken has the events before that. */
function contentOf(decoder: ReturnType<typeof ourChunkDecoder>): (read: Uint8Array) => Uint8Array {
  let broken = false
  return (read) => {
    if (broken || decoder.done) return new Uint8Array()
    try {
      return Buffer.concat(decoder.push(read))
    } catch {
      broken = true
      return new Uint8Array()
    }
  }
}

function cutsOf(reads: readonly Uint8Array[]): readonly Cut[] {
  const whole = Buffer.concat(reads)
  const ones = Array.from(whole.subarray(0, ONE_BY_ONE), (byte) => Uint8Array.of(byte))
  const rest = whole.subarray(ONE_BY_ONE)
  return [
    ['as it was read', reads],
    ['all at once', [whole]],
    ['one byte at a time', rest.length > 0 ? [...ones, rest] : ones],
  ]
}

function differenceIn(ours: Outcome, theirs: Outcome, columns: number): readonly string[] | undefined {
  const isSame = Buffer.compare(ours.content, theirs.content) === 0
  const isSameEnd = ours.end === theirs.end
  if (isSame && isSameEnd) return undefined
  const ends = isSameEnd ? [] : wrap(`It ends: ${wordsFor(ours)}. Yours: ${wordsFor(theirs)}.`, columns)
  const lines = isSame ? [] : explainDifference(ours.content, theirs.content, { as: 'text', columns }).split('\n')
  return [...ends, ...lines]
}

function wordsFor({ end, behind }: Outcome): string {
  return end === 'whole' ? 'whole' : `${printable(end, 120)}, ${behind} bytes given`
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at
  return length
}
