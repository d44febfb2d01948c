import { type Copies, copyParts } from './copies.ts'

/** How much room is made at a time: a reader who stops can hold on to no more of it than to one joined write. */
const ROOM = 16 * 1024

let room: Uint8Array = new Uint8Array(0)
let filled = 0

/**
 * What one connection writes within one turn, in room that all of them share: 32 events are copied as they are written, and not
 * kept as 96 parts until the turn is over (`npm run bench:chunked -- --only encode`: a tenth more events).
 *
 * It is over as soon as another connection takes room behind it.
 */
export class Run implements Copies {
  readonly #room: Uint8Array
  readonly #start: number
  #end: number

  /** `size`: of the first write. */
  constructor(size: number) {
    if (filled + size > room.length) {
      room = Buffer.allocUnsafeSlow(ROOM)
      filled = 0
    }
    this.#room = room
    this.#start = filled
    this.#end = filled
  }

  add(parts: readonly Uint8Array[], size: number): boolean {
    const isLast = this.#room === room && this.#end === filled
    if (!isLast || filled + size > room.length) return false
    filled = copyParts(parts, room, filled)
    this.#end = filled
    return true
  }

  /**
   * The kernel has its own copy by now: the next run begins where this one did, in memory that the processor has in its cache,
   * and no room becomes garbage (`npm run bench:chunked -- --only encode`: 1.1 times the events).
   */
  release(): void {
    if (this.#room === room && this.#end === filled) filled = this.#start
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(this.#start, this.#end)
  }
}
