import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_BUFFER, fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { ms, seen, seenFew } from '../seen.ts'

/** Fewer events say nothing. */
const LEAST_EVENTS = 5
/** Of all events, how many have to have come at once. */
const MOST_OF_THEM = 0.8
/** Milliseconds from the request within which a burst is no news. */
const SILENCE = 500
/** What was let go of at once takes so much of the time it was held, or less; or so few milliseconds. */
const SHARE_OF_SILENCE = 0.05
const AT_ONCE = 10
/** Events in a read, on average: who makes them one by one is seldom read so many at a time. */
const EVENTS_A_READ = 3

/** The events of an answer that came all at once, long after the request. */
export function burstIn({ events, exchange, clientLeftAt, after }: Look): Look['events'] | undefined {
  const [first] = events
  if (!first || exchange.end.kind === 'open' || clientLeftAt !== undefined || isReplay(exchange.request))
    return undefined
  const silence = after(first.at)
  const window = Math.max(AT_ONCE, silence * SHARE_OF_SILENCE)
  const burst = events.filter(({ at }) => at - first.at <= window)
  const reads = new Set(burst.map((event) => event.reads[1])).size
  const isBurst =
    silence > SILENCE && // while nothing came
    burst.length >= LEAST_EVENTS &&
    burst.length >= events.length * MOST_OF_THEM &&
    burst.length >= reads * EVENTS_A_READ
  return isBurst ? burst : undefined
}

/** Who asks for what it has missed gets it all at once, and rightly so (HTML §9.2.4). */
function isReplay({ fields }: Look['exchange']['request']): boolean {
  return fields.has('last-event-id')
}

/** Everything comes at once, at the end: somebody waited until there was no more. */
export function burstAfterSilence(look: Look): Verdict | undefined {
  const burst = burstIn(look)
  if (!burst || look.isCompressed) return undefined
  const { events, after, hop } = look
  const [first] = burst
  return {
    code: 'BURST_AFTER_SILENCE',
    severity: 'error',
    confidence: 'likely',
    text: `${burst.length} of ${events.length} events came at once, ${ms(after(first?.at ?? 0))} after the request: a hop held them, or the server made all of them before it sent any`,
    fix: fixFor(
      'Ask the server without the hop to see which of them it is. In the hop, stop buffering; in the server, write each event when there is one.',
      DO_NOT_BUFFER,
      hop,
    ),
    evidence: [...(look.head ? [seen(look.head)] : []), ...seenFew(burst, 3)],
  }
}
