import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder, HttpError } from '@sse-from-scratch/http-raw'
import { joined, NOTHING } from '../joined.ts'
import type { FindingItem, ReadItem } from '../proxy/item.ts'
import type { Exchange } from '../timeline/exchange.ts'

/** Bytes of content that rules look at. */
const MOST = 256 * 1024

/** The first part of an answer's content, without chunks; `undefined` if its bytes were not kept, or are compressed. */
export function contentOf(
  { request }: Exchange,
  head: FindingItem | undefined,
  reads: readonly ReadItem[],
): Uint8Array | undefined {
  const start = head?.finding.bytes[0]?.[0]
  if (head?.finding.head?.fields.has('content-encoding')) return undefined
  if (start === undefined || reads.some(({ bytes }) => bytes === undefined)) return undefined
  if ((reads[0]?.range[0] ?? Number.POSITIVE_INFINITY) > start) return undefined // it began in a read of another answer
  const decoder = createResponseDecoder(request.method, { transferCodings: [chunked] })
  const parts: Uint8Array[] = []
  let size = 0
  for (const { bytes = NOTHING, range } of reads) {
    try {
      decoder.push(bytes.subarray(Math.max(0, start - range[0])), (event) => {
        if (event.kind !== 'data') return
        parts.push(Uint8Array.from(event.data))
        size += event.data.length
      })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      break // what came before it counts
    }
    if (size >= MOST || decoder.state === 'done') break
  }
  return joined(parts)
}
