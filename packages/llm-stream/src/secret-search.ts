/** A place in the spelling of a secret: where each byte leads. No more ways to go: the secret is whole. */
type Place = Map<number, Place[]>

/** What one read has of the secrets. Offsets count from its first byte; those before it are negative. */
export interface SecretsSeen {
  /** Half-open ranges that are secrets. */
  readonly found: readonly (readonly [start: number, end: number])[]
  /** Where something begins that may turn out to be a secret; `undefined` if nothing does. */
  readonly open: number | undefined
}

/** Looks for secrets in a stream of bytes. Give it every read in turn. */
export interface SecretSearch {
  (bytes: Uint8Array): SecretsSeen
  /** From the next read on this one is looked for, too. */
  learn(secret: string): void
}

/**
 * Knows a secret as it is and as JSON may spell it (RFC 8259 §7: `\/`, `\u002f`), wherever it was cut.
 *
 * @throws TypeError when a secret is empty
 */
export function createSecretSearch(secrets: readonly string[]): SecretSearch {
  if (secrets.includes('')) throw new TypeError('an empty secret is in every text')
  const root: Place = new Map()
  for (const secret of secrets) spell(secret, root)
  let begun = new Map<Place, number>() // the places reached so far, and where each began

  /** The places that a byte leads to, from those reached so far and from the beginning. */
  function follow(byte: number, at: number, found: [number, number][]): void {
    const further = new Map<Place, number>()
    for (const [place, start] of [...begun, [root, at] as const]) {
      for (const next of place.get(byte) ?? []) {
        if (next.size === 0) found.push([start, at + 1])
        else if (!further.has(next)) further.set(next, start) // the earliest comes first
      }
    }
    begun = further
  }

  function search(bytes: Uint8Array): SecretsSeen {
    const found: [number, number][] = []
    if (root.size === 0) return { found, open: undefined }
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (begun.size > 0 || root.has(byte)) follow(byte, at, found)
    }
    const open = begun.size > 0 ? Math.min(...begun.values()) : undefined
    begun = new Map([...begun].map(([place, start]) => [place, start - bytes.length]))
    return { found, open }
  }

  return Object.assign(search, { learn: (secret: string) => spell(secret, root) })
}

/** Adds every spelling of a secret, from `from` on: each character may be spelled in its own way. */
function spell(secret: string, from: Place): void {
  let place = from
  for (const character of secret) {
    const next: Place = new Map()
    for (const spelling of spellings(character)) connect(place, new TextEncoder().encode(spelling), next)
    place = next
  }
}

function connect(from: Place, bytes: Uint8Array, to: Place): void {
  let place = from
  bytes.forEach((byte, index) => {
    const next = index === bytes.length - 1 ? to : new Map()
    place.set(byte, [...(place.get(byte) ?? []), next])
    place = next
  })
}

/** A character as it is, and as JSON may escape it. */
function spellings(character: string): ReadonlySet<string> {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  const escaped = units.map((hex) => `\\u${hex}`).join('')
  const short = character === '/' ? '\\/' : JSON.stringify(character).slice(1, -1)
  return new Set([character, short, escaped, escaped.toUpperCase().replaceAll('\\U', '\\u')])
}
