import type { Dial, DialOptions } from './dial.ts'
import type { LeaseOptions } from './lease.ts'

/** What two requests must have in common before they may share a connection. */
export interface Destination {
  /** Scheme, host and port (RFC 6454 §4). */
  readonly origin: string
  /** The same function: another one may lead elsewhere, through a proxy say. */
  readonly dial: Dial
  /** The same function, likewise. */
  readonly lookup: DialOptions['lookup']
  readonly idleTimeout: number | undefined
  /** The same values, compared one by one: with another certificate we would be somebody else. */
  readonly tls: DialOptions['tls']
}

export function destinationOf({ origin }: URL, { dial, lookup, idleTimeout, tls }: LeaseOptions): Destination {
  return { origin, dial, lookup, idleTimeout, tls }
}

export function isSameDestination(one: Destination, other: Destination): boolean {
  return (
    one.origin === other.origin &&
    one.dial === other.dial &&
    one.lookup === other.lookup &&
    one.idleTimeout === other.idleTimeout &&
    (one.tls === other.tls || hasSameValues(one.tls ?? {}, other.tls ?? {}))
  )
}

function hasSameValues(one: object, other: object): boolean {
  const entries = Object.entries(one)
  const others: Readonly<Record<string, unknown>> = { ...other }
  return (
    entries.length === Object.keys(others).length && entries.every(([name, value]) => Object.is(value, others[name]))
  )
}
