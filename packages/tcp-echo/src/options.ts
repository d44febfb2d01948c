import type { ConnectionOptions } from './connection.ts'
import { milliseconds, shown } from './limits.ts'

/** A port number (RFC 9293 §3.1: 16 bits). */
export function portNumber(value: number, lowest: 0 | 1): number {
  if (Number.isInteger(value) && value >= lowest && value <= 65_535) return value
  throw new RangeError(`port must be a whole number from ${lowest} to 65535, not ${shown(value)}`)
}

/** The options of a connection with their defaults filled in; a `RangeError` if one makes no sense. */
export function connectionOptions(options: ConnectionOptions): Required<ConnectionOptions> {
  const { idleTimeout = 300_000, noDelay = true, keepAlive = true, keepAliveDelay = 60_000 } = options
  return {
    idleTimeout: milliseconds('idleTimeout', idleTimeout),
    noDelay,
    keepAlive,
    keepAliveDelay: milliseconds('keepAliveDelay', keepAliveDelay),
  }
}
