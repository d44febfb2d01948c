import { IN_HEAD, type Parent } from './finding.ts'
import type { ByteRange } from './span.ts'

/** Ranges one finding may have. The last one then grows over the framing in between: true enough, and bounded. */
export const MAX_RANGES = 1024

/** Where a piece of content stands: in the stream of its direction, in the content, and in which chunk. */
export interface Place {
  /** Offset in the direction's stream. */
  offset: number
  /** Offset in the content: the body without its framing. */
  body: number
  /** The number of the chunk in its message; -1 where there are no chunks. */
  chunk: number
}

/** The bytes something was made of. */
export interface Collected {
  readonly bytes: readonly ByteRange[]
  /** The same in the content, where nothing is in between. */
  readonly body: ByteRange
  /** The chunks that carried them, first and last; -1 where there are none. */
  readonly chunks: readonly [first: number, last: number]
}

/** The bytes something was made of, collected from left to right. */
export class Ranges {
  #earlier: ByteRange[] | undefined // when there are several; nearly everything has one
  #start = 0 // of the last range
  #end = 0
  #body = 0
  #first = -1
  #last = -1
  /** Bytes collected since the last time. */
  size: number = 0

  /** So many bytes, `from` bytes behind a place. */
  add(place: Place, from: number, size: number): void {
    const start = place.offset + from
    if (this.size === 0) {
      this.#start = start
      this.#end = start
      this.#body = place.body + from
      this.#first = place.chunk
    }
    this.#last = place.chunk
    this.size += size
    if (start !== this.#end) this.#beginRange(start)
    this.#end = start + size
  }

  /** Another range begins, or the last one grows where there are too many. */
  #beginRange(start: number): void {
    this.#earlier ??= []
    if (this.#earlier.length === MAX_RANGES - 1) return
    this.#earlier.push([this.#start, this.#end])
    this.#start = start
  }

  /** What has been collected since the last time. */
  take(): Collected {
    const last = [this.#start, this.#end] as const
    const bytes = this.#earlier ? [...this.#earlier, last] : this.size === 0 ? [] : [last]
    const body = [this.#body, this.#body + this.size] as const
    this.clear()
    return { bytes, body, chunks: [this.#first, this.#last] }
  }

  clear(): void {
    this.#earlier = undefined
    this.size = 0
  }
}

/** All of them as one; they come from left to right. */
export function joined(all: readonly Collected[]): Collected {
  const [first, last] = [all[0], all[all.length - 1]]
  if (!first || !last) return { bytes: [], body: [0, 0], chunks: [-1, -1] }
  if (first === last) return first
  const bytes = all.flatMap((collected) => collected.bytes).slice(0, MAX_RANGES - 1)
  const end = last.bytes[last.bytes.length - 1]
  return {
    bytes: end && !bytes.includes(end) ? [...bytes, end] : bytes,
    body: [first.body[0], last.body[1]],
    chunks: [first.chunks[0], last.chunks[1]],
  }
}

/** Where something was found, and what carried it. */
export function carriedBy({ bytes, body, chunks: [from, to] }: Collected): Carried {
  return { bytes, body, parent: from === -1 ? IN_HEAD : { kind: 'chunk', from, to } }
}

type Carried = Pick<Collected, 'bytes' | 'body'> & { readonly parent: Parent }
