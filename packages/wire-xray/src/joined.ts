/** The pieces as one; the piece itself where there is only one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const filled = pieces.filter((piece) => piece.length > 0)
  if (filled.length === 1) return filled[0] as Uint8Array
  const whole = new Uint8Array(filled.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of filled) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** No bytes. */
export const NOTHING: Uint8Array = new Uint8Array(0)
