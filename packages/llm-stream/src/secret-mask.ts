import { createSecretSearch } from './secret-search.ts'

/** What a byte of a secret is shown as. */
export const STAR = 42

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
  const search = createSecretSearch(secrets)
  return (bytes) => {
    const masked = new Uint8Array(bytes)
    const { found, open } = search(bytes)
    for (const [start, end] of found) masked.fill(STAR, Math.max(0, start), end)
    if (open !== undefined) masked.fill(STAR, Math.max(0, open))
    return masked
  }
}
