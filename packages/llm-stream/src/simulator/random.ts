/** Numbers in [0, 1). */
export type Random = () => number

/** The same numbers for the same seed on every machine: a counter whose bits are stirred (a xorshift-multiply mix). */
export function createRandom(seed: number): Random {
  let counter = seed | 0
  return () => {
    counter = (counter + 0x9e3779b9) | 0 // 2^32 / golden ratio: consecutive counters land far apart
    let mixed = counter
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

/** A 32-bit number that depends on every character (FNV-1a). Not for secrets. */
export function hash(text: string, start = 0x811c9dc5): number {
  let value = start
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The random tail of an id such as `chatcmpl-…` or `msg_…`. */
export function randomId(random: Random, length: number): string {
  return Array.from({ length }, () => ALPHANUMERIC[Math.floor(random() * ALPHANUMERIC.length)]).join('')
}
