import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { contentCodings } from './content-coding.ts'
import { decodeContent } from './decode-content.ts'
import type { Fields } from './fields.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'

/** Content as its Content-Encoding field says it is coded (RFC 9110 §8.4). */
export interface CodedContent {
  /**
   * Takes the codings off, piece by piece. All that can be known from the pieces so far comes out before the next one is
   * asked for.
   *
   * Throws `HTTP_INCOMPLETE` for content that stops short, and `HTTP_BAD_CODING` for content that is not in these codings.
   */
  decode(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  /**
   * What can be known of the content from the beginning of it, which may be all; at most 16 MiB of it.
   *
   * Throws `Error` of node:zlib for what is not in these codings, and for more than that.
   */
  decodeBeginning(bytes: Uint8Array): Uint8Array
}

const MOST_AT_ONCE = 16 * 1024 * 1024

/** How to read coded content outside of a response. `undefined` if a coding is unknown here or there are more than `contentCodings`. */
export function codedContent(
  fields: Fields,
  { contentCodings: most }: Limits = DEFAULT_LIMITS,
): CodedContent | undefined {
  const codings = contentCodings(fields, most)
  if (codings === undefined) return undefined
  return {
    decode: (pieces) => codings.reduce(decodeContent, pieces),
    decodeBeginning: (bytes) => codings.reduce((part, { name }) => decodeBeginning(name, part), bytes),
  }
}

function decodeBeginning(coding: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_AT_ONCE }
  if (coding === 'gzip') return gunzipSync(bytes, options)
  if (coding === 'deflate')
    return ((bytes[0] as number) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
  return brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: MOST_AT_ONCE })
}
