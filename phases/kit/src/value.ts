import { inspect } from 'node:util'
import { asText } from './bytes.ts'

const LONGEST = 300

/** Characters that print as nothing, or as a line end: a byte order mark, for one. */
const UNSEEN = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g

/** A value in a line: bytes as text, since that is how they are read. */
export function showValue(value: unknown): string {
  const printed = inspect(readable(value), { depth: 6, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 200 })
  const text = printed.replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Bytes(value)
  if (Array.isArray(value)) return value.map(readable)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, readable(held)]))
}

class Bytes {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  [inspect.custom](): string {
    return `bytes(${JSON.stringify(asText(this.#bytes))})`
  }
}
