import { shown } from './name-of.ts'

/** Checks an option that counts something: a whole number, or Infinity, from `lowest` on. `RangeError` for anything else. */
export function count(name: string, value: number, lowest: 0 | 1 = 0): number {
  if (value >= lowest && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return value
  throw new RangeError(`${name} must be a whole number, ${lowest} or more, not ${shown(value)}`)
}
