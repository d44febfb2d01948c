import { codedContent, type Fields, HttpError } from '@sse-from-scratch/http-raw'
import type { TimedPiece } from './exchange.ts'

/** Bytes of one body, decompressed: what is larger stays compressed. */
const MOST = 64 * 1024 * 1024

/**
 * A body without its content codings (RFC 9110 §8.4), each piece at the time of the read that carried it. `undefined` for
 * a coding that is not known, for more than 64 MiB, and for what is not compressed as it says. One that is cut is read as
 * far as it goes.
 */
export async function plainPieces(
  pieces: readonly TimedPiece[],
  fields: Fields,
): Promise<readonly TimedPiece[] | undefined> {
  const content = codedContent(fields)
  if (!content) return undefined
  const found: TimedPiece[] = []
  let at = 0
  let size = 0
  async function* timed(): AsyncIterable<Uint8Array> {
    for (const piece of pieces) {
      at = piece.at
      yield piece.bytes
    }
  }
  try {
    for await (const bytes of content.decode(timed())) {
      size += bytes.length
      if (size > MOST) return undefined
      found.push({ at, bytes: Uint8Array.from(bytes) })
    }
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    if (error.code !== 'HTTP_INCOMPLETE') return undefined
  }
  return found
}
