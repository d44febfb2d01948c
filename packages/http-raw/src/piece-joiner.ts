/** Joins small pieces of one read, so that they cost their reader one promise and one decoding, and not one each. */
export interface PieceJoiner {
  /** Takes a piece in, if it is small. */
  add(piece: Uint8Array): boolean
  /** What has been taken in since the last time, as one piece; a piece that was alone is still the view it was. */
  take(): Uint8Array | undefined
}

/** Above it, a copy costs more than a promise. */
const MOST_COPIED = 4096

/**
 * A read of 64 KiB may hold a thousand small chunks, and a promise for each costs more than all the rest: joined, a body
 * in chunks of 100 bytes is read three times as fast (`npm run bench:chunked -- --only client`).
 */
export function createPieceJoiner(): PieceJoiner {
  let pieces: Uint8Array[] = []
  let size = 0
  return {
    add(piece) {
      if (piece.length > MOST_COPIED) return false
      pieces.push(piece)
      size += piece.length
      return true
    },
    take() {
      const whole = size
      size = 0
      if (pieces.length <= 1) return pieces.pop()
      const joined = new Uint8Array(whole)
      let at = 0
      for (const piece of pieces) {
        joined.set(piece, at)
        at += piece.length
      }
      pieces = []
      return joined
    },
  }
}
