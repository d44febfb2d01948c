// What an option must be that limits something, on every floor. This entry imports nothing of Node.

/** Milliseconds that the longest timer of JavaScript can hold: 24.8 days. One for longer fires at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

/** Milliseconds as a timer can hold them. 0 means never, and so, in effect, does Infinity. `RangeError` for anything else. */
export function milliseconds(name: string, value: number): number {
  if (!(typeof value === 'number' && value >= 0)) {
    throw new RangeError(`${name} must be 0 or more milliseconds, not ${shown(value)}`)
  }
  return Math.min(value, LONGEST_TIMER)
}

/** How many: a whole number, or Infinity, from `lowest` on. `RangeError` for anything else. */
export function count(name: string, value: number, lowest: 0 | 1 = 0): number {
  if (value >= lowest && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return value
  throw new RangeError(`${name} must be a whole number, ${lowest} or more, not ${shown(value)}`)
}

/** A value that is no number, or not the right one, for the message of a `RangeError`: "5" is not 5. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' ? `${value}` : nameOf(value)
}

/** What a value is, for the message of a `TypeError`: never what is in it, which may be a secret. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`
  if (typeof value !== 'object') return `a ${typeof value}`
  const { name } = value.constructor ?? Object
  return /^[AEIO]/.test(name) ? `an ${name}` : `a ${name}`
}
