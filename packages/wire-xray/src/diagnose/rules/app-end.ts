import type { Verdict } from '../diagnosis.ts'
import { fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { seen, theEnd } from '../seen.ts'

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
  const lost = found.find(({ finding }) => finding.kind === 'unfinished')
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
