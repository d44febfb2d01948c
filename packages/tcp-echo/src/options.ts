import type { ConnectionOptions } from './connection.ts'

/** 24.8 days. Node turns a longer timer into one of 1 ms. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

/** Milliseconds as a timer can hold them. 0 means never, and so, in effect, does Infinity. */
export function milliseconds(name: string, value: number): number {
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 or more milliseconds, not ${value}`)
  return Math.min(value, LONGEST_TIMER)
}

/** A port number (RFC 9293 §3.1: 16 bits). */
export function portNumber(value: number, lowest: 0 | 1): number {
  if (Number.isInteger(value) && value >= lowest && value <= 65_535) return value
  throw new RangeError(`port must be a whole number from ${lowest} to 65535, not ${value}`)
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
