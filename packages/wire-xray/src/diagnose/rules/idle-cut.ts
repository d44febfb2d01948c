import type { Verdict } from '../diagnosis.ts'
import { fixFor, IDLE_TIMEOUT } from '../fixes.ts'
import type { Look } from '../look.ts'
import { theEnd } from '../seen.ts'

/** Timeouts that products and platforms come with, in seconds. */
const KNOWN: readonly (readonly [seconds: number, whose: string])[] = [
  [10, 'some load balancers and serverless platforms'],
  [25, 'Vercel, to the first byte'],
  [30, 'CloudFront, Google load balancers, Azure Front Door'],
  [50, 'HAProxy as its examples configure it'],
  [55, 'Heroku'],
  [60, 'nginx, Apache, Varnish, AWS ALB'],
  [100, 'Cloudflare as it was'],
  [120, 'Cloudflare'],
  [230, 'Azure App Service'],
  [300, 'API Gateway, serverless platforms, Apache as it was'],
  [350, 'AWS NLB'],
]
const NEARLY = 0.01
/** Milliseconds that a timer and two hops take, at least. */
const LATE = 150
/** Squid looks at its timeouts once a second. */
const LATE_IN_SQUID = 1300
/** nginx sets a timer anew only when 300 ms have gone by: its silence may be so much shorter. */
const EARLY = 350

/** Milliseconds of silence before an end that is worth a word, though no timeout is known to be so long. */
const LONG = 5000

/** The answer ended after as much silence as some timeout allows. A polite hop makes this a clean end. */
export function idleCut(look: Look, timeouts: readonly number[]): Verdict | undefined {
  const { exchange, response, reads, isStream, clientLeftAt, endedAt, hop } = look
  const { end, askedAt } = exchange
  const last = reads.filter(({ at }) => at < (endedAt ?? 0) - 500).at(-1)
  const isEnd =
    end.kind === 'cut' || end.kind === 'reset' || (end.kind === 'complete' && isStream && isUnfinished(look))
  if (!isEnd || clientLeftAt !== undefined || endedAt === undefined || end.by === 'up') return undefined
  if (look.found.some(({ at, finding }) => at > (last?.at ?? askedAt) && SAYS.has(finding.kind))) return undefined
  const silence = endedAt - (last?.at ?? askedAt)
  const known = [...timeouts.map((seconds) => [seconds, 'as you say'] as const), ...KNOWN]
  const late = hop.products.includes('Squid') ? LATE_IN_SQUID : LATE
  const match = known.find(([seconds]) => isAbout(silence - seconds * 1000, seconds * 1000 * NEARLY, late))
  if (!match && (end.kind === 'complete' || silence < LONG || !response)) return undefined
  const [seconds, whose] = match ?? [silence / 1000]
  return {
    code: 'IDLE_CUT',
    severity: match ? 'error' : 'warn',
    confidence: match ? 'likely' : 'hint',
    text: `it ended after ${(silence / 1000).toFixed(2)} s without a byte: ${whose ? `a timeout of ${seconds} s (${whose})` : 'a timeout that somebody has set, or a crash'}${response ? '' : ', before any answer'}`,
    fix: fixFor(
      `Send a heartbeat (a line ": ping") every ${Math.max(1, Math.floor(seconds / 2) - 1)} s, or let the hop wait longer.`,
      IDLE_TIMEOUT,
      hop,
    ),
    evidence: [
      ...(last ? [{ at: last.at, direction: 'down', bytes: last.range, what: 'the last byte' } as const] : []),
      theEnd(look),
    ],
  }
}

function isAbout(over: number, nearly: number, late: number): boolean {
  return over >= -Math.max(EARLY, nearly) && over <= Math.max(late, nearly)
}

/** What a hop does not say when it ends an answer. */
const SAYS: ReadonlySet<string> = new Set(['head', 'chunk', 'event', 'comment', 'line'])

/** An answer that ended well as HTTP, and not as what it is. */
function isUnfinished({ exchange: { counts } }: Look): boolean {
  if (counts.unfinished) return true
  return !counts.done && !counts.stop
}
