import type { ConnectionOptions } from './connection.ts'

/** 24.8 days. Node turns a longer timer into one of 1 ms. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

/** Milliseconds as a timer can hold them. 0 means never, and so, in effect, does Infinity. */
export function milliseconds(name: string, value: number): number {
  if (!(typeof value === 'number' && value >= 0)) {
    throw new RangeError(`${name} must be 0 or more milliseconds, not ${shown(value)}`)
  }
  return Math.min(value, LONGEST_TIMER)
}

/** A port number (RFC 9293 §3.1: 16 bits). */
export function portNumber(value: number, lowest: 0 | 1): number {
  if (Number.isInteger(value) && value >= lowest && value <= 65_535) return value
  throw new RangeError(`port must be a whole number from ${lowest} to 65535, not ${shown(value)}`)
}

/** How many, at least one: a whole number, or Infinity. */
export function atLeastOne(name: string, value: number): number {
  if (value >= 1 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return value
  throw new RangeError(`${name} must be a whole number, 1 or more, not ${shown(value)}`)
}

/** "80" is not 80. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
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
