import type { Verdict } from '../diagnosis.ts'
import { fixFor, IDLE_TIMEOUT } from '../fixes.ts'
import type { Look } from '../look.ts'
import { ms, seen, theEnd } from '../seen.ts'

const wayOut = (found: Look['found'], kind: string) => found.find(({ finding }) => finding.kind === kind)

/** The server closed, or reset, before there was any answer. */
export function noAnswer(look: Look): Verdict | undefined {
  const { exchange, response, clientLeftAt } = look
  const { end } = exchange
  const isOver = end.kind === 'cut' || end.kind === 'reset' || end.kind === 'failed'
  if (response || !isOver || clientLeftAt !== undefined || end.code === 'TCP_CLOSED') return undefined
  return {
    code: 'NO_ANSWER',
    severity: 'error',
    confidence: 'certain',
    text: `no answer: ${theEnd(look).what} came ${ms(look.after(look.endedAt ?? exchange.askedAt))} after the request`,
    fix: 'Look into the log of whoever is behind this connection. On a connection that was idle before: its server closes sooner than the client thinks.',
    evidence: [theEnd(look)],
  }
}

/** FIN came inside of a body that says where it ends (RFC 9112 §8): what there is of it is not all. */
export function noTerminator(look: Look): Verdict | undefined {
  const { exchange, response, clientLeftAt, found, isStream } = look
  if (exchange.end.kind !== 'cut' || !response || clientLeftAt !== undefined) return undefined
  const said = wayOut(found, 'error')?.finding.summary
  return {
    code: 'NO_TERMINATOR',
    severity: 'error',
    confidence: 'certain',
    text: `the connection was closed in the middle of the body${said ? `: ${said}` : ''}`,
    fix: `What came is not all. ${isStream ? 'Ask again, with Last-Event-ID if the events have ids;' : 'Ask again;'} and look for who closed: a timeout, a crash, a restart.`,
    evidence: [theEnd(look)],
  }
}

/** A RST in a body; it does not cross proxies, so it is of the next hop. */
export function resetMidBody(look: Look): Verdict | undefined {
  const { exchange, response } = look
  if (exchange.end.kind !== 'reset' || exchange.end.by !== 'down' || !response) return undefined
  return {
    code: 'RESET_MID_BODY',
    severity: 'error',
    confidence: 'certain',
    text: 'the connection was reset in the middle of the body, by the very next hop: a reset does not cross proxies',
    fix: 'Look for a crash, a kill or a full queue in whatever this connection leads to.',
    evidence: [theEnd(look)],
  }
}

/** HTTP ended well, the answer of the model did not: a hop made a crash polite. */
export function appEndMissing(look: Look): Verdict | undefined {
  const { exchange, found } = look
  const { counts, end } = exchange
  if (end.kind !== 'complete' || !counts.delta || counts.done || counts.failure) return undefined
  const last = found.findLast(({ finding }) => finding.kind === 'delta')
  const stopped = counts.stop !== undefined
  return {
    code: 'APP_END_MISSING',
    severity: stopped ? 'info' : 'error',
    confidence: stopped ? 'hint' : 'likely',
    text: stopped
      ? 'the model said why it stopped, but the end mark of its wire format ([DONE], message_stop, …) did not come'
      : 'HTTP ended well, but the answer has no end mark ([DONE], message_stop, response.completed, …): somebody broke off, and a hop made it look complete',
    fix: fixFor(
      'Take an answer as whole only with its end mark; look for a crash or a timeout behind the hop.',
      { Caddy: '2.8 and later pass a broken answer on as one' },
      look.hop,
    ),
    evidence: [...(last ? [seen(last)] : []), theEnd(look)],
  }
}

/** The body ended inside of an event: it is never dispatched (HTML §9.2.6). */
export function eventLostAtEnd(look: Look): Verdict | undefined {
  const { exchange, found, clientLeftAt, mediaType } = look
  const lost = wayOut(found, 'unfinished')
  if (!lost || clientLeftAt !== undefined || mediaType !== 'text/event-stream') return undefined
  if (exchange.end.kind === 'open') return undefined
  return {
    code: 'EVENT_LOST_AT_END',
    severity: 'error',
    confidence: 'certain',
    text: 'the body ended inside of an event, before its blank line: no client is told of it (HTML §9.2.6)',
    fix: 'In the server: a blank line behind the last event, too. Behind a hop: see who cut the answer.',
    evidence: [seen(lost), theEnd(look)],
  }
}

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
  const match = known.find(([seconds]) => isAbout(silence - seconds * 1000, seconds * 1000 * NEARLY))
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

function isAbout(over: number, nearly: number): boolean {
  return over >= -Math.max(EARLY, nearly) && over <= Math.max(LATE, nearly)
}

/** What a hop does not say when it ends an answer. */
const SAYS: ReadonlySet<string> = new Set(['head', 'chunk', 'event', 'comment', 'line'])

/** An answer that ended well as HTTP, and not as what it is. */
function isUnfinished({ exchange: { counts } }: Look): boolean {
  if (counts.unfinished) return true
  return !counts.done && !counts.stop
}
