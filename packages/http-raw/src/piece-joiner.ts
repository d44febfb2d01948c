/** Above it, a copy costs more than a promise. */
const MOST_COPIED = 4096

/**
 * Joins small pieces of one read, so that they cost their reader one promise and one decoding, and not one each. A transfer
 * coding that may overwrite the bytes of a read has done so already (docs/decisions/0031).
 *
 * A read of 64 KiB may hold a thousand small chunks, and a promise for each costs more than all the rest: joined, a body
 * in chunks of 100 bytes is read three times as fast (measured while `npm run bench:chunked -- --only client` came this
 * way). A class, because there is one for every message: see `FollowedSignal`.
 */
export class PieceJoiner {
  #pieces: Uint8Array[] = []
  #size: number = 0

  /** Takes a piece in, if it is small. */
  add(piece: Uint8Array): boolean {
    if (piece.length > MOST_COPIED) return false
    this.#pieces.push(piece)
    this.#size += piece.length
    return true
  }

  /** What has been taken in since the last time, as one piece; a piece that was alone is still the view it was. */
  take(): Uint8Array | undefined {
    const size = this.#size
    this.#size = 0
    if (this.#pieces.length <= 1) return this.#pieces.pop()
    const joined = new Uint8Array(size)
    let at = 0
    for (const piece of this.#pieces) {
      joined.set(piece, at)
      at += piece.length
    }
    this.#pieces = []
    return joined
  }
}
