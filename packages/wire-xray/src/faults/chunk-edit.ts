import { createChunkedEncoder } from '@sse-from-scratch/chunked'
import { toLatin1 } from '@sse-from-scratch/http-raw'
import { joined } from '../joined.ts'
import type { AnswerData } from './answer-part.ts'

/** The end of a chunked body without trailers (RFC 9112 §7.1). */
export const LAST_CHUNK: Uint8Array = toLatin1('0\r\n\r\n')

const encoder = createChunkedEncoder()

/** Data as one chunk; no data is no chunk. */
export function chunkOf(data: Uint8Array): Uint8Array {
  return joined(encoder.encode(data))
}

/** A chunk whose size is spelled in another way. A piece in the middle of a large chunk has none, and stays as it is. */
export function withSize({ bytes, data, from }: AnswerData, spell: (size: number) => string): Uint8Array {
  if (from === 0) return bytes
  return joined([toLatin1(`${spell(data.length)}\r\n`), bytes.subarray(from)])
}
