import type { IncomingRequest } from '@sse-from-scratch/http-raw'
import { Refusal } from './refusal.ts'

/**
 * Refuses requests that another site made the user's browser send.
 *
 * Behind this server may be a model that costs money. A page elsewhere cannot read
 * our answers, but it could ask. Browsers say who asks, in Origin and (on this machine)
 * in Sec-Fetch-Site; a link to our page is welcome. And a name that was pointed at this
 * machine (DNS rebinding) would make another site the same one; Host tells that.
 */
export function assertLocal({ target, fields }: Pick<IncomingRequest, 'target' | 'fields'>): void {
  const host = (fields.get('host') ?? '').toLowerCase()
  const name = host.replace(/:\d+$/, '')
  if (!isOurs(name)) {
    throw new Refusal(403, `The playground is not known as ${name}; use localhost, or its address in numbers.`)
  }
  const isLink = target === '/' && fields.get('sec-fetch-mode') === 'navigate'
  const site = fields.get('sec-fetch-site')?.toLowerCase() ?? 'none'
  const origin = fields.get('origin')?.toLowerCase() ?? `http://${host}`
  if (isLink || (['none', 'same-origin'].includes(site) && origin === `http://${host}`)) return
  throw new Refusal(403, 'The playground answers its own page only, not other sites.')
}

function isOurs(name: string): boolean {
  if (name === '' || name === 'localhost' || name.endsWith('.localhost')) return true
  return /^\[.*\]$|^[\d.]+$/.test(name) // an address cannot be rebound, a name can
}
