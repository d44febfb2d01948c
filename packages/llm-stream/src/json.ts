/** A JSON object from a peer: every member is checked where it is used, nothing is believed. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The value if it is an object, otherwise one without members: destructuring it is always safe. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A number of something: not negative, not NaN, not a string. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined
}

/** The number of one of several things, from 0 on; `otherwise` for what cannot be one. */
export function indexOr(otherwise: number, value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : otherwise
}

/** The parsed text, or `undefined` if it is not JSON. (JSON itself has no `undefined`.) */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
