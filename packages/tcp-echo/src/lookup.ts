import type { LookupFunction } from 'node:net'

/**
 * The same lookup; but where it finds a list without any address it fails with ENOTFOUND. Node takes such a list for a bug
 * of its own, and throws where nobody can catch it.
 */
export function foundOrFailed(lookup: LookupFunction): LookupFunction {
  return (host, options, found) =>
    lookup(host, options, (error, addresses, family) => {
      const none = !error && addresses.length === 0
      found(none ? Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' }) : error, addresses, family)
    })
}
