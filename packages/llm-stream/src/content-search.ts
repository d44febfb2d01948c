import { createSecretSearch } from './secret-search.ts'

/** Looks for secrets in the content of a direction, whose pieces lie apart: chunk framing is in between. */
export interface ContentSearch {
  /** The next piece, and where in its direction it begins. Returns the bytes of the direction that are secret, as far as known now. */
  push(piece: Uint8Array, offset: number): Ranges
  /** The content is over: the next piece is of another. */
  end(): void
  /** From the next piece on this one is looked for, too. */
  learn(secret: string): void
  /** Nothing more comes: returns the bytes of what may be half a secret. */
  close(): Ranges
  /** Where in the direction something begins that may become a secret. */
  readonly open: number | undefined
}

type Ranges = readonly (readonly [start: number, end: number])[]

/** No secret has it, as no field may (RFC 9110 §5.5): what was open is over. */
const NUL = Uint8Array.of(0)

interface Piece {
  /** Where it begins in the content. */
  readonly at: number
  /** Where it begins in the direction. */
  readonly offset: number
  readonly size: number
}

/** @throws TypeError when a secret is empty */
export function createContentSearch(secrets: readonly string[]): ContentSearch {
  const search = createSecretSearch(secrets)
  let pieces: Piece[] = [] // those that something open is in
  let size = 0 // of the content so far
  let openAt: number | undefined // in the content

  /** Where bytes of the content are in the direction. */
  function rangesOf(from: number, to: number): Ranges {
    return pieces
      .filter((piece) => piece.at < to && piece.at + piece.size > from)
      .map(({ at, offset, size }) => [offset + Math.max(0, from - at), offset + Math.min(size, to - at)] as const)
  }

  return {
    push(piece, offset) {
      pieces.push({ at: size, offset, size: piece.length })
      const { found, open } = search(piece)
      const ranges = found.flatMap(([start, end]) => rangesOf(size + start, size + end))
      openAt = open === undefined ? undefined : size + open
      size += piece.length
      const kept = openAt ?? size
      pieces = pieces.filter(({ at, size }) => at + size > kept)
      return ranges
    },
    end() {
      search(NUL)
      openAt = undefined
      pieces = []
    },
    learn: search.learn,
    close() {
      const ranges = openAt === undefined ? [] : rangesOf(openAt, size)
      openAt = undefined
      return ranges
    },
    get open() {
      return openAt === undefined ? undefined : rangesOf(openAt, size)[0]?.[0]
    },
  }
}
