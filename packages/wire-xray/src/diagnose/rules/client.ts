import type { WaitItem } from '../../proxy/item.ts'
import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { ms, seen, theEnd } from '../seen.ts'

/** Milliseconds a client may take no more. */
const PATIENCE = 200

/** The client did not take what was there: what is late is late behind this x-ray. */
export function clientSlow({ exchange, after }: Look): Verdict | undefined {
  const waits = exchange.items.filter(
    (item): item is WaitItem => item.kind === 'wait' && item.direction === 'down' && item.milliseconds > PATIENCE,
  )
  const [first] = waits
  if (!first) return undefined
  const longest = Math.max(...waits.map(({ milliseconds }) => milliseconds))
  return {
    code: 'CLIENT_SLOW',
    severity: 'warn',
    confidence: 'certain',
    text: `the client took no more for ${ms(longest)}, ${ms(after(first.at))} after its request: what is late is late behind this tap`,
    fix: 'In the client: read without waiting for what is done with it, or tell the server to send less.',
    evidence: waits.slice(0, 3).map(({ at }) => ({ at, direction: 'down', what: 'a write that waited' })),
  }
}

/** The client closed before the answer was over. */
export function clientGone(look: Look): Verdict | undefined {
  const { clientLeftAt, after, events, exchange } = look
  if (clientLeftAt === undefined) return undefined
  return {
    code: 'CLIENT_GONE',
    severity: 'info',
    confidence: exchange.end.kind === 'reset' ? 'certain' : 'likely',
    text: `the client left ${ms(after(clientLeftAt))} after its request, behind ${events.length} events`,
    fix: 'Nothing if it was meant. The server should hear of it and stop (a signal); HAProxy, Apache and Varnish tell it only when it writes: heartbeats bound that.',
    evidence: [{ at: clientLeftAt, direction: 'up', what: exchange.end.kind === 'reset' ? 'RST' : 'FIN' }],
  }
}

/** Milliseconds of silence that are none. */
const SHORT = 1000
/** Times as long as nearly all pauses were. */
const TIMES = 5
/** Pauses that have to have been seen to know what is usual. */
const ENOUGH = 4

/** The stream fell silent, and somebody gave up: not what ended it, but why. */
export function stall(look: Look): Verdict | undefined {
  const { exchange, reads, head, clientLeftAt, endedAt } = look
  const { end } = exchange
  const isGivenUp = clientLeftAt !== undefined || (end.kind === 'failed' && endedAt !== undefined)
  const until = clientLeftAt ?? endedAt
  const last = reads.at(-1)
  if (!isGivenUp || until === undefined || !head || !last) return undefined
  const pauses = reads.slice(1).map(({ at }, n) => at - (reads[n]?.at ?? at))
  const usual = pauses.toSorted((a, b) => a - b)[Math.floor(pauses.length * 0.95)] ?? 0
  const silence = until - last.at
  if (silence <= Math.max(SHORT, TIMES * usual)) return undefined
  const isKnown = pauses.length >= ENOUGH
  return {
    code: 'STALL',
    severity: isKnown ? 'error' : 'warn',
    confidence: isKnown ? 'likely' : 'hint',
    text: `nothing came for ${ms(silence)}, where pauses were ${ms(usual)} at most, until ${clientLeftAt === undefined ? 'it was given up' : 'the client left'}`,
    fix: 'The server, or whom it asks, stopped without an end: look there. A heartbeat (a line ": ping") tells slow from dead.',
    evidence: [
      { at: last.at, direction: 'down', bytes: last.range, what: 'the last byte' },
      { ...theEnd(look), at: until },
    ],
  }
}

/** What keeps rules from telling. */
export function cannotTell(look: Look): Verdict | undefined {
  const { exchange, found } = look
  const opaque = found.find(({ finding }) => finding.kind === 'opaque')
  const isTorn = exchange.end.kind === 'gap'
  const reasons = [
    ...(isTorn ? ['bytes went by unread'] : []),
    ...(exchange.leftOut ? [`${exchange.leftOut.items} items of its middle were let go of`] : []),
    ...(opaque ? [`its content cannot be looked into (${opaque.finding.summary})`] : []),
  ]
  if (reasons.length === 0) return undefined
  return {
    code: 'CANNOT_TELL',
    severity: 'info',
    confidence: 'certain',
    text: `not all of it was seen: ${reasons.join('; ')}. What is said here holds for the rest`,
    fix: '',
    evidence: opaque ? [seen(opaque)] : [theEnd(look)],
  }
}
