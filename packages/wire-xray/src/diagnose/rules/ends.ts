import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { ms, theEnd } from '../seen.ts'

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
  const said = found.find(({ finding }) => finding.kind === 'error')?.finding.summary
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
