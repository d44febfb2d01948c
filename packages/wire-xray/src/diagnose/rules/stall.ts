import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { ms, theEnd } from '../seen.ts'

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
