/** A value that is no number, or not the right one, for the message of a RangeError: "5" is not 5. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' ? `${value}` : nameOf(value)
}

/** What a value is, for the message of a TypeError: never what is in it, which may be a secret. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`
  if (typeof value !== 'object') return `a ${typeof value}`
  const { name } = value.constructor ?? Object
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`
}
