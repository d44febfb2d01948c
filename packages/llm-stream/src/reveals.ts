/** Values of an error that are looked at; one that has more is not shown. */
const MAX_VALUES = 10_000

/**
 * Whether printing this value, or what it was caused by, would show one of the secrets: to `console.log`, to a logger, or to
 * somebody who looks into it. Libraries put whole requests into their errors, often with a way back to the error.
 */
export function reveals(value: unknown, secrets: readonly string[]): boolean {
  const seen = new Set<object>()

  function look(part: unknown): boolean {
    if (typeof part === 'string' || typeof part === 'symbol') return secrets.some((s) => String(part).includes(s))
    if (typeof part !== 'object' || part === null || seen.has(part)) return false
    if (seen.add(part).size > MAX_VALUES) return true // what takes too long to check is not shown either
    return partsOf(part).some(look)
  }

  try {
    return secrets.length > 0 && look(value)
  } catch {
    return true // nor what cannot be looked at
  }
}

/** What is in an object for those who look: its members by name, hidden ones as well, and what it holds by its nature. */
function partsOf(object: object): readonly unknown[] {
  if (object instanceof Uint8Array) return [new TextDecoder().decode(object)]
  if (ArrayBuffer.isView(object)) return [] // numbers, possibly millions
  return Array.isArray(object) ? object : [...membersOf(object), ...contentOf(object)]
}

/** Getters are not asked: they may do anything. */
function membersOf(object: object): readonly unknown[] {
  const members = Object.getOwnPropertyDescriptors(object)
  return Reflect.ownKeys(members).flatMap((name) => [name, members[name as string]?.value])
}

function contentOf(object: object): readonly unknown[] {
  if (object instanceof Error) return [object.stack] // in some engines a getter
  if (object instanceof URL) return [object.href]
  const holds = [Map, Set, Headers, URLSearchParams].some((kind) => object instanceof kind)
  return holds ? [...(object as Iterable<unknown>)] : []
}
