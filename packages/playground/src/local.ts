import type { IncomingRequest } from '@sse-from-scratch/http-raw'
import { Refusal } from './refusal.ts'

/**
 * Refuses requests that another site made the user's browser send.
 *
 * Behind this server may be a model that costs money. A page elsewhere cannot read
 * our answers, but it could ask; browsers say so in Sec-Fetch-Site. And a name that
 * was pointed at 127.0.0.1 (DNS rebinding) makes it the same site; Host tells that.
 */
export function assertLocal({ fields }: Pick<IncomingRequest, 'fields'>): void {
  if (fields.get('sec-fetch-site') === 'cross-site') {
    throw new Refusal(403, 'The playground answers its own page only, not other sites.')
  }
  const host = (fields.get('host') ?? '').replace(/:\d+$/, '').toLowerCase()
  if (!isOurs(host)) {
    throw new Refusal(403, `The playground is not known as ${host}; use the address it printed.`)
  }
}

function isOurs(host: string): boolean {
  if (host === '' || host === 'localhost' || host.endsWith('.localhost')) return true
  return /^\[.*\]$|^[\d.]+$/.test(host) // an address cannot be rebound, a name can
}
