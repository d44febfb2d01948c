import { chunked } from '@sse-from-scratch/chunked/decoder'
import { createResponseDecoder, NO_LIMITS } from '@sse-from-scratch/http-raw/decoder'
import type { ContentPart } from './masked-way.ts'

/**
 * Says of each read of a connection which parts of it are the content of its one response, without framing in between:
 * a secret may be cut by a chunk-size. What is no HTTP, and what comes behind the response, is content as well.
 */
export function createResponseContent(): (bytes: Uint8Array) => readonly ContentPart[] {
  const decoder = createResponseDecoder('POST', { transferCodings: [chunked], limits: NO_LIMITS })
  let isOver = false

  return (bytes) => {
    if (isOver) return [[0, bytes.length]]
    const parts: ContentPart[] = []
    let end = 0
    let taken = bytes.length
    try {
      taken = decoder.push(bytes, (event) => {
        if (event.kind !== 'data') return
        const start = event.data.byteOffset - bytes.byteOffset // data are views of the read
        end = start + event.data.length
        parts.push([start, end])
      })
    } catch {
      taken = end // the decoder cannot say how far it understood
    }
    if (taken === bytes.length) return parts
    isOver = true
    return [...parts, [taken, bytes.length]]
  }
}
