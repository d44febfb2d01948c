/** Pieces that are joined at once: fewer would be joined too often, more would live long enough to be copied by V8. */
const AT_ONCE = 128

/** A text that grows by small pieces. */
export interface GrowingText {
  add(piece: string): void
  readonly text: string
}

/**
 * Joins pieces by the hundred. `+=` would make a tree of strings with a node for each piece, 50 bytes of garbage a token
 * that a collector has to visit and to move as long as the answer goes on: a fifth of all CPU time (`npm run bench:llm`).
 */
export function createGrowingText(beginning = ''): GrowingText {
  let text = beginning
  let pieces: string[] = []

  function join(): string {
    if (pieces.length > 0) text += pieces.join('')
    pieces = []
    return text
  }

  return {
    add(piece) {
      if (pieces.push(piece) === AT_ONCE) join()
    },
    get text() {
      return join()
    },
  }
}
