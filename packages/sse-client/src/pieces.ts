/** Text that arrives in pieces and is wanted whole. */
export interface Pieces {
  /** Characters (UTF-16 code units) held. */
  readonly length: number
  add(text: string): void
  /** Everything added since the last time, as one string. */
  take(): string
}

/** Small pieces are joined this many at a time. */
const JOIN_AT = 1024

/**
 * Collects a long line in linear time and space.
 *
 * `+=` would be linear too, but each piece then costs a node of the engine's rope: a peer that
 * sends one character per read would make us spend thirty bytes on each. Here it spends eight, and
 * only until the next 1024 are joined.
 */
export function createPieces(): Pieces {
  let joined: string[] = []
  let recent: string[] = []
  let length = 0

  function join(): void {
    if (recent.length > 0) joined.push(recent.join(''))
    recent = []
  }

  return {
    get length() {
      return length
    },
    add(text) {
      if (text === '') return
      length += text.length
      if (recent.push(text) === JOIN_AT) join()
    },
    take() {
      if (length === 0) return ''
      join()
      const text = joined.length === 1 ? (joined[0] as string) : joined.join('')
      joined = []
      length = 0
      return text
    },
  }
}
