import type { IncomingRequest } from '@sse-from-scratch/http-raw'
import { isLoopback } from '../proxy/loopback.ts'

/**
 * Why a request is refused, or undefined for our own page.
 *
 * What is seen here are prompts and answers. A page elsewhere cannot read ours, but a name that was pointed at this machine
 * (DNS rebinding) would make it the same site: only `Host` tells that, and only addresses and `localhost` are believed.
 */
export function whyRefused({ target, fields }: Pick<IncomingRequest, 'target' | 'fields'>): string | undefined {
  const host = fields.get('host')?.toLowerCase() ?? ''
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  if (!isLoopback(name)) return 'This page is for this machine: open it as localhost, or 127.0.0.1.'
  const isLink = target === '/' && fields.get('sec-fetch-mode') === 'navigate'
  const site = fields.get('sec-fetch-site')?.toLowerCase() ?? 'none'
  const origin = fields.get('origin')?.toLowerCase() ?? `http://${host}`
  const isOurs = ['none', 'same-origin'].includes(site) && origin === `http://${host}`
  return isLink || isOurs ? undefined : 'Only its own page is answered here, not other sites.'
}
