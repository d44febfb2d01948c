import { joined, NOTHING } from '../joined.ts'
import type { AnswerHead } from './answer-part.ts'
import { createByteQueue } from './byte-queue.ts'
import type { ContentRewriter } from './content-hop.ts'
import { createGzip } from './deflate.ts'
import type { HopSetup } from './setup.ts'

/**
 * Compresses the answer, if its client takes gzip (RFC 9110 §12.5.3). With `flush` each piece can be read when it is there.
 * Without, only the header of the format leaves at once and all else at the end, as from a compressor that waits until it
 * has enough; a client that does not take gzip waits just as long.
 */
export function gzipRewriter(head: AnswerHead, flush: boolean, { maxHeld }: HopSetup): ContentRewriter | undefined {
  const { fields, version } = head.head
  if (fields.has('content-encoding') || version === '1.0') return undefined
  const takesGzip = head.request?.fields.list('accept-encoding').some((each) => /^gzip\b/i.test(each)) === true
  if (!takesGzip) return flush ? undefined : heldRewriter(maxHeld)
  const gzip = createGzip()
  const waiting = createByteQueue()
  let header = gzip.header

  function withHeader(compressed: Uint8Array): Uint8Array {
    const out = joined([header, compressed])
    header = NOTHING
    return out
  }

  return {
    edit: { lines: ['Content-Encoding: gzip'] },
    push(data) {
      if (flush) return withHeader(gzip.push(data))
      waiting.push(data)
      return withHeader(waiting.size > maxHeld ? gzip.push(waiting.take(maxHeld)) : NOTHING)
    },
    end: () => withHeader(joined([gzip.push(waiting.take(waiting.size)), gzip.end()])),
    get held() {
      return waiting.size
    },
  }
}

function heldRewriter(maxHeld: number): ContentRewriter {
  const waiting = createByteQueue()
  return {
    push(data) {
      waiting.push(data)
      return waiting.size > maxHeld ? waiting.take(maxHeld) : NOTHING
    },
    end: () => waiting.take(waiting.size),
    get held() {
      return waiting.size
    },
  }
}
