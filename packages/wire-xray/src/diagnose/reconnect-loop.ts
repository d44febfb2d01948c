import type { Exchange } from '../timeline/exchange.ts'
import type { Diagnosis } from './diagnosis.ts'
import { mediaTypeOf } from './media-type.ts'
import { ms } from './seen.ts'

/** Reconnections that make a loop. */
const LEAST = 3
/** Milliseconds that browsers wait before they reconnect, if the server names no time: Chromium and Safari, Firefox. */
const PAUSES = [3000, 5000] as const
/** How much longer, or shorter, it may be: timers, and what the connection takes. */
const NEARLY = 0.15
const SLACK = 50

/** A client that loses its event stream again and again, and comes back as EventSource does (HTML §9.2.3). */
export function reconnectLoops(exchanges: readonly Exchange[]): readonly Diagnosis[] {
  const byTarget = new Map<string, Exchange[]>()
  for (const exchange of exchanges) {
    if (exchange.request.method !== 'GET' || mediaTypeOf(exchange.response) !== 'text/event-stream') continue
    const { target } = exchange.request
    const tries = byTarget.get(target)
    if (tries) tries.push(exchange)
    else byTarget.set(target, [exchange])
  }
  return [...byTarget.values()].flatMap((tries) => {
    const chain = longestChain(tries)
    return chain.length > LEAST ? [loopOf(chain)] : []
  })
}

function longestChain(tries: readonly Exchange[]): readonly Exchange[] {
  let longest: readonly Exchange[] = []
  let chain: Exchange[] = []
  for (const next of tries) {
    const last = chain.at(-1)
    if (last && comesBack(last, next)) chain.push(next)
    else chain = [next]
    if (chain.length > longest.length) longest = chain
  }
  return longest
}

function comesBack({ end, items }: Exchange, next: Exchange): boolean {
  if (end.at === undefined) return false
  const pause = next.askedAt - end.at
  const said = items.findLast((item) => item.kind === 'finding' && item.finding.kind === 'retry')
  const [, asked] = /(\d+) ms/.exec(said?.kind === 'finding' ? said.finding.summary : '') ?? []
  const expected = asked === undefined ? PAUSES : [Number(asked)]
  return expected.some((time) => Math.abs(pause - time) <= time * NEARLY + SLACK)
}

function loopOf(chain: readonly Exchange[]): Diagnosis {
  const last = chain.at(-1) as Exchange
  const lengths = chain.slice(0, -1).map(({ askedAt, end }) => (end.at ?? askedAt) - askedAt)
  const shortest = Math.min(...lengths)
  const longest = Math.max(...lengths)
  return {
    code: 'RECONNECT_LOOP',
    severity: 'warn',
    confidence: 'likely',
    exchange: last.number,
    text: `the client came back ${chain.length - 1} times: each stream ended after ${ms(shortest)} to ${ms(longest)}, and it waited as EventSource does`,
    fix: 'If all last about equally long, it is a timeout: send heartbeats. If they end at once, see how the first one ended. A server that is done answers 204: then EventSource stays away.',
    evidence: chain.map(({ askedAt }) => ({ at: askedAt, direction: 'up', what: 'request' })),
  }
}
