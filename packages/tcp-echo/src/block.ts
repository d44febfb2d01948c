import { type Copies, copyParts } from './copies.ts'

/** What a block holds: as much again as waits already, between these two. */
const LEAST_BLOCK = 1024
const MOST_BLOCK = 16 * 1024

/** Copies of small writes, one behind the other: what waits for a reader who has stopped costs its bytes, and no objects. */
export class Block implements Copies {
  readonly #room: Uint8Array
  #filled: number = 0

  /** `waiting`: how many bytes wait already. */
  constructor(waiting: number) {
    this.#room = new Uint8Array(Math.min(Math.max(LEAST_BLOCK, waiting), MOST_BLOCK))
  }

  add(parts: readonly Uint8Array[], size: number): boolean {
    if (this.#filled + size > this.#room.length) return false
    this.#filled = copyParts(parts, this.#room, this.#filled)
    return true
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#filled)
  }
}
