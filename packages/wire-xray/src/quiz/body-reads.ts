import type { Exchange } from '../timeline/exchange.ts'

/** The body of an answer as it was on the wire, in the pieces in which it came. */
export interface BodyReads {
  readonly reads: readonly Uint8Array[]
  /** Where it begins in the stream. */
  readonly start: number
}

/** Bytes of a body that are looked at. */
const MOST = 1024 * 1024

/** Undefined for an answer without a head, or whose bytes nobody kept. */
export function bodyReadsOf({ items }: Exchange): BodyReads | undefined {
  const head = items.find(
    (item) => item.kind === 'finding' && item.finding.direction === 'down' && item.finding.kind === 'head',
  )
  const start = head?.kind === 'finding' ? head.finding.bytes.at(-1)?.[1] : undefined
  if (start === undefined) return undefined
  const reads: Uint8Array[] = []
  let at = start
  for (const item of items) {
    if (item.kind !== 'read' || item.direction !== 'down' || item.range[1] <= at || at - start > MOST) continue
    if (item.bytes === undefined || item.range[0] > at) break
    const part = item.bytes.subarray(at - item.range[0])
    reads.push(part)
    at += part.length
  }
  return { reads, start }
}
