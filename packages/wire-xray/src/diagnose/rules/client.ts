import type { WaitItem } from '../../proxy/item.ts'
import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { ms } from '../seen.ts'

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
