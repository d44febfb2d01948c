import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { middleOf, ms, seenFew } from '../seen.ts'

/** Nagle's algorithm and a delayed acknowledgement wait for each other about 40 ms (RFC 9293 §3.7.4, RFC 1122 §4.2.3.2). */
const DELAYED_ACK = [30, 60] as const
/** Bytes of an event that fit into any window: larger ones take their time for other reasons. */
const SMALL = 16 * 1024
const LEAST_SPLIT = 3

/** Events of which one part comes, and the rest about 40 ms later. */
export function splitEvent({ events, isCompressed, exchange }: Look): Verdict | undefined {
  if (isCompressed) return undefined
  const split = events.filter(({ at, began, finding, reads }) => {
    const size = (finding.bytes.at(-1)?.[1] ?? 0) - (finding.bytes[0]?.[0] ?? 0)
    return at - began >= DELAYED_ACK[0] && at - began <= DELAYED_ACK[1] && size < SMALL && reads[1] === reads[0] + 1
  })
  if (split.length < LEAST_SPLIT || split.length < events.length / 4) return undefined
  return {
    code: 'SPLIT_EVENT_40MS',
    severity: 'warn',
    confidence: 'likely',
    text: `${split.length} of ${exchange.counts.event ?? events.length} events came in two parts, about ${ms(middleOf(split.map(({ at, began }) => at - began)))} apart: Nagle's algorithm waits for a delayed acknowledgement`,
    fix: 'In the server: socket.setNoDelay(true), and one write for an event.',
    evidence: seenFew(split),
  }
}
