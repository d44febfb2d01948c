import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'

// The values a fault can have. Each reader throws a TypeError whose message says what would have been right.

const TIME_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }
const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000 }

/** Milliseconds: `800ms`, `2s` or `1m`. */
export function time(value: string | undefined): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(value ?? '') ?? []
  const milliseconds = Number(amount) * (TIME_UNITS[unit] ?? 1)
  if (milliseconds <= LONGEST_TIMER) return milliseconds
  throw new TypeError('a time such as 800ms, 2s or 1m')
}

/** Whether something could be meant for a time. */
export function isTime(value: string | undefined): boolean {
  return /^[\d.]+(?:ms|s|m)$/.test(value ?? '')
}

/** Bytes per second: `20kB/s`. */
export function rate(value: string | undefined): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(B|kB|MB)\/s$/.exec(value ?? '') ?? []
  const bytes = Number(amount) * (SIZE_UNITS[unit] ?? 1)
  if (bytes > 0) return bytes
  throw new TypeError('a rate such as 500B/s, 20kB/s or 1MB/s')
}

export function count(value: string | undefined): number {
  const number = /^\d{1,15}$/.test(value ?? '') ? Number(value) : 0
  if (number > 0) return number
  throw new TypeError('a whole number from 1 on')
}

/** `16`, or `1..16` for a number in between. */
export function countOrRange(value: string | undefined): { readonly most: number; readonly least?: number } {
  const [, least, most] = /^(\d+)\.\.(\d+)$/.exec(value ?? '') ?? []
  if (least === undefined) return { most: count(value) }
  if (count(least) <= count(most)) return { least: count(least), most: count(most) }
  throw new TypeError('the smaller number first')
}

/** More than nothing or less than nothing: what is off by nothing is right. */
export function signed(value: string | undefined): number {
  if (/^[+-][1-9]\d{0,8}$/.test(value ?? '')) return Number(value)
  throw new TypeError('a difference such as +5 or -5')
}

export function oneOf<Name extends string>(value: string | undefined, names: readonly Name[]): Name {
  const found = names.find((name) => name === value)
  if (found !== undefined) return found
  throw new TypeError(`one of ${names.join(', ')}`)
}

export function fieldName(value: string | undefined): string {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value ?? '')) return value as string // a token (RFC 9110 §5.6.2)
  throw new TypeError('the name of a field')
}
