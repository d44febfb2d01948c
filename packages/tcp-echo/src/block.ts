/** A part up to here is packed with others: the object around it would weigh as much. */
const SMALL = 1024

/** What a block holds: as much again as waits already, between these two. */
const LEAST_BLOCK = 1024
const MOST_BLOCK = 16 * 1024

export function isSmall(part: Uint8Array): boolean {
  return part.length <= SMALL
}

/** Copies of small parts, one behind the other: what waits for a reader who has stopped costs its bytes, and no objects. */
export class Block {
  readonly #room: Uint8Array
  #filled: number = 0

  /** `waiting`: how many bytes wait already. */
  constructor(waiting: number) {
    this.#room = new Uint8Array(Math.min(Math.max(LEAST_BLOCK, waiting), MOST_BLOCK))
  }

  /** Copies a part that is small; false if there is no room left for it. */
  add(part: Uint8Array): boolean {
    if (this.#filled + part.length > this.#room.length) return false
    this.#room.set(part, this.#filled)
    this.#filled += part.length
    return true
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#filled)
  }
}
