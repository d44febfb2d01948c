import { bodyTooLarge } from './body.ts'

/** Pieces of a body that are being kept until there are all of them. */
export interface Collection {
  /** `HTTP_BODY_TOO_LARGE` for the piece that goes past the limit. */
  add(piece: Uint8Array): void
  /** All of them as one; of one piece, no copy. */
  whole(): Uint8Array
}

/** A collection of up to `limit` bytes. */
export function createCollection(limit: number): Collection {
  const pieces: Uint8Array[] = []
  let size = 0
  return {
    add(piece) {
      size += piece.length
      if (size > limit) throw bodyTooLarge(limit)
      pieces.push(piece)
    },
    whole: () => (pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, size)),
  }
}

/** All pieces as one, up to `limit` bytes; `HTTP_BODY_TOO_LARGE` at the first piece that goes past it. */
export async function collect(pieces: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const collection = createCollection(limit)
  for await (const piece of pieces) collection.add(piece)
  return collection.whole()
}

const UTF8 = new TextDecoder() // without a stream it keeps nothing from one text to the next

export function utf8(bytes: Uint8Array): string {
  return UTF8.decode(bytes)
}
