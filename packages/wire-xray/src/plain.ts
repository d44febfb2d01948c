import type { Found } from './finding.ts'
import type { ContentNamer, Find, Name, Put } from './name.ts'
import { type Collected, carriedBy, joined, type Place } from './ranges.ts'
import type { ByteRange, Layer } from './span.ts'

/** Bytes of one body that are looked at in their decompressed form. A few bytes can swell to any number. */
export const MAX_PLAIN_SIZE: number = 256 * 1024 * 1024

/** Bytes that may come out of each compressed one, behind the first {@link SWELLS_FREELY}: what is flushed by the event gives about ten. */
export const MAX_SWELLING = 32
/** Bytes of one body that may come out of however few. */
export const SWELLS_FREELY: number = 1024 * 1024

/** Pieces that are remembered, to say which of them an event came out of. */
const MAX_PIECES = 4096

/** What a media type is looked into with. */
export type CreateNamer = (find: Find, put: Put, place: Place) => ContentNamer

/** A run of decompressed bytes that play one part in one grammar. */
export interface PlainSpan {
  /** Offset in the decompressed content. */
  readonly start: number
  readonly end: number
  readonly layer: Layer
  readonly element: string
}

/** What came out of compressed content. */
export interface PlainPart {
  /** Valid now: copy what you keep. */
  readonly bytes: Uint8Array
  readonly spans: readonly PlainSpan[]
  /** The compressed bytes it came out of, in the stream of their direction. */
  readonly from: readonly ByteRange[]
}

export type HearPlain = (part: PlainPart) => void

/** The decompressed content of a body, which has offsets of its own. */
export interface Plain {
  /** What comes next comes out of this, and of all before it that nothing came out of. */
  from(piece: Collected): void
  /** The next bytes that came out; `false` if they are too many, or too many for what they came out of. */
  push(bytes: Uint8Array): boolean
  /** What was too many of what, in words. */
  tooMany(): string
  /** The content is over, or cannot be read any further. */
  end(): void
  /** The compressed bytes that came last. */
  readonly last: readonly ByteRange[]
}

interface Origin {
  readonly start: number
  readonly piece: Collected
}

/** Looks at what came out of compressed content, and says of what is found there which bytes on the wire carried it. */
export function createPlain(find: Find, createNamer: CreateNamer, hear: HearPlain): Plain {
  const place: Place = { offset: 0, body: 0, chunk: -1 }
  const namer = createNamer(findOutside, put, place)
  let origins: Origin[] = []
  let fresh: Collected[] = [] // nothing has come out of these yet
  let spans: PlainSpan[] = []
  let offset = 0
  let compressed = 0 // bytes that went in
  let last: readonly ByteRange[] = []

  function put({ layer, element }: Name, size: number): void {
    const before = spans[spans.length - 1]
    if (before?.layer === layer && before.element === element) {
      spans[spans.length - 1] = { ...before, end: before.end + size }
    } else if (size > 0) spans.push({ start: offset, end: offset + size, layer, element })
    offset += size
  }

  /** The pieces that `start` to `end` came out of. */
  function originOf(start: number, end: number): Collected {
    const first = Math.max(
      0,
      origins.findLastIndex((origin) => origin.start <= start),
    )
    const behind = origins.findIndex((origin) => origin.start >= end)
    return joined(origins.slice(first, behind <= first ? undefined : behind).map(({ piece }) => piece))
  }

  function findOutside({ bytes: inside, ...found }: Found): void {
    const start = inside[0]?.[0] ?? offset
    const end = inside[inside.length - 1]?.[1] ?? offset
    const { bytes, body, parent } = carriedBy(originOf(start, end))
    const carrier = found.parent === undefined || found.parent.kind === 'head' ? parent : found.parent
    find({ ...found, bytes, body, plain: [start, end], parent: carrier })
  }

  function most(): number {
    return Math.min(MAX_PLAIN_SIZE, SWELLS_FREELY + MAX_SWELLING * compressed)
  }

  function arrive(): void {
    if (fresh.length === 0) return
    origins.push({ start: offset, piece: joined(fresh) })
    fresh = []
    if (origins.length > 2 * MAX_PIECES) origins = origins.slice(-MAX_PIECES)
  }

  return {
    get last() {
      return last
    },
    from(piece) {
      last = piece.bytes
      compressed += piece.body[1] - piece.body[0]
      fresh = fresh.length === MAX_PIECES ? [joined(fresh), piece] : [...fresh, piece]
    },
    push(bytes) {
      if (offset + bytes.length > most()) return false
      arrive()
      place.offset = place.body = offset
      namer.push(bytes)
      hear({ bytes, spans, from: last })
      spans = []
      return true
    },
    tooMany: () => `more than ${most()} bytes come out of ${compressed} compressed ones`,
    end: () => namer.end(),
  }
}
