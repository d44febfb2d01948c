import type { Exchange } from '../timeline/exchange.ts'
import type { Diagnosis, Verdict } from './diagnosis.ts'
import { type Look, lookAt } from './look.ts'
import { reconnectLoops } from './reconnect-loop.ts'
import { RULES } from './rules.ts'

/** What is known besides the exchange. */
export interface DiagnoseOptions {
  /** Timeouts, in seconds, that hops around here are known to have: {@link Diagnosis} `IDLE_CUT` looks for them, too. */
  readonly idleTimeouts?: readonly number[]
}

/** Looks at one exchange; undefined says that what it looks for is not there. */
export type Rule = (look: Look, options: Required<DiagnoseOptions>) => Verdict | undefined

const ORDER = { error: 0, warn: 1, info: 2 } as const

/**
 * What is wrong with one exchange, the worst first. The same for traffic that goes by and for a recording of it; of one that
 * goes on, what is certain by now. Some rules look at bytes: without `withBytes` they say nothing.
 */
export function diagnose(exchange: Exchange, { idleTimeouts = [] }: DiagnoseOptions = {}): readonly Diagnosis[] {
  const look = lookAt(exchange)
  return RULES.flatMap((rule) => {
    const verdict = rule(look, { idleTimeouts })
    return verdict ? [{ ...verdict, exchange: exchange.number }] : []
  }).toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity])
}

/** What is wrong with each of them, in their order, and with all of them together: a client that comes back again and again. */
export function diagnoseAll(exchanges: readonly Exchange[], options: DiagnoseOptions = {}): readonly Diagnosis[] {
  return [...exchanges.flatMap((exchange) => diagnose(exchange, options)), ...reconnectLoops(exchanges)]
}
