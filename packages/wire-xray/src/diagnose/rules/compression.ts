import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_COMPRESS, fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { ms, seen, seenFew } from '../seen.ts'
import { burstIn } from './burst.ts'

/** The same, compressed: a compressor keeps what it gets until it is told to flush. */
export function compressorNotFlushed(look: Look): Verdict | undefined {
  const burst = burstIn(look)
  if (!burst || !look.isCompressed) return undefined
  const { events, after, hop, response } = look
  const [first] = burst
  return {
    code: 'COMPRESSOR_NOT_FLUSHED',
    severity: 'error',
    confidence: 'likely',
    text: `${burst.length} of ${events.length} events could be read only ${ms(after(first?.at ?? 0))} after the request, all at once, compressed by ${response?.fields.get('content-encoding')}: whoever compresses does not flush`,
    fix: fixFor(
      'Do not compress event streams, or flush after each event. A client can ask for Accept-Encoding: identity.',
      DO_NOT_COMPRESS,
      hop,
    ),
    evidence: [...(look.head ? [seen(look.head)] : []), ...seenFew(burst, 3)],
  }
}

/** Compression of an event stream works as long as every event is flushed; what saves little may hold all. */
export function compressedStream(look: Look): Verdict | undefined {
  const { isStream, isCompressed, head, hop, response } = look
  if (!isStream || !isCompressed || !head || burstIn(look)) return undefined
  return {
    code: 'COMPRESSED_STREAM',
    severity: 'info',
    confidence: 'certain',
    text: `a stream with Content-Encoding: ${response?.fields.get('content-encoding')}: each event needs a flush of the compressor`,
    fix: fixFor(
      'Nothing while events come one by one. To be safe, do not compress event streams.',
      DO_NOT_COMPRESS,
      hop,
    ),
    evidence: [seen(head)],
  }
}
