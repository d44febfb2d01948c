/** A place in the spelling of a secret: where each byte leads. No more ways to go: the secret is whole. */
type Place = Map<number, Place[]>

const STAR = 42

/**
 * `createSecretMask(secrets: readonly string[]): (bytes: Uint8Array) => Uint8Array` makes a mask for one stream of bytes:
 * give it every read in turn, and each comes back as a copy of the same length with stars for the secrets in it.
 *
 * For showing what a provider sent: some repeat the key in their complaints. It knows a secret as it is and as JSON may
 * spell it (RFC 8259 §7: `\/`, `\u002f`), and wherever it was cut. The price of that: the end of a read which might be
 * the beginning of a secret is stars, also if it turns out to be none.
 *
 * @throws TypeError when a secret is empty
 */
export function createSecretMask(secrets: readonly string[]): (bytes: Uint8Array) => Uint8Array {
  if (secrets.includes('')) throw new TypeError('an empty secret is in every text')
  const root: Place = new Map()
  for (const secret of secrets) spell(secret, root)
  let begun = new Map<Place, number>() // the places reached so far, and the offset in this read where each began

  return (bytes) => {
    const masked = new Uint8Array(bytes)
    bytes.forEach((byte, at) => {
      const further = new Map<Place, number>()
      for (const [place, start] of [...begun, [root, at] as const]) {
        for (const next of place.get(byte) ?? []) {
          if (next.size === 0) masked.fill(STAR, start, at + 1)
          else if (!further.has(next)) further.set(next, start) // the earliest comes first
        }
      }
      begun = further
    })
    for (const [place, start] of begun) {
      masked.fill(STAR, start)
      begun.set(place, 0)
    }
    return masked
  }
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
