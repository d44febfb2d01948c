import type { createEventDecoder, EventStreamItem } from '@sse-from-scratch/sse-client/decoder'
import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import type { DecoderCase } from './case.ts'

export type Seen = Pick<DecoderCase, 'seen' | 'lastEventId'>

/** In front of a case, it makes a read that is long enough for the shortcuts. */
const COMMENT = new TextEncoder().encode(': a comment that is longer than what counts as a few bytes\n')

/** A stream with more bytes than this has most of its cuts left out. */
const LONG = 200

/** At every cut and byte by byte; and again behind a comment, unless the first bytes are what matters. */
export function readAtEveryCut(create: typeof createEventDecoder, { stream }: DecoderCase): Seen[] {
  const alone = cutsOf(stream).map((reads) => read(create, reads))
  if (stream[0] === 0xef) return alone // only there is a BOM one
  const behind = cutsOf(stream).map(([first, ...rest]) =>
    read(create, [Uint8Array.of(...COMMENT, ...(first ?? [])), ...rest]),
  )
  return [...alone, ...behind.map(({ seen, lastEventId }) => ({ seen: seen.slice(1), lastEventId }))]
}

/** What came out otherwise than it should, at any cut. */
export function differencesIn(create: typeof createEventDecoder, one: DecoderCase): Seen[] {
  const { seen, lastEventId } = one
  const wanted = JSON.stringify({ seen, lastEventId })
  return readAtEveryCut(create, one).filter((other) => JSON.stringify(other) !== wanted)
}

function cutsOf(stream: Uint8Array): Uint8Array[][] {
  const all = [...everySplit(stream)]
  return stream.length > LONG ? all.filter((_, nth) => nth % 17 === 0 || nth === all.length - 1) : all
}

function read(create: typeof createEventDecoder, reads: readonly Uint8Array[]): Seen {
  const decoder = create()
  const seen: EventStreamItem[] = []
  for (const bytes of reads) decoder.push(bytes, (item) => seen.push(item))
  decoder.end((item) => seen.push(item))
  return { seen, lastEventId: decoder.lastEventId }
}
