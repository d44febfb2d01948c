import type { RequestHead } from '@sse-from-scratch/http-raw/decoder'

/**
 * Whether whoever sent this request keeps trailers: `TE: trailers` (RFC 9110 §10.1.4).
 *
 * Without it, send in trailers only what the client can do without (§6.5.1): it, or a proxy before it, may drop them.
 */
export function wantsTrailers({ fields }: Pick<RequestHead, 'fields'>): boolean {
  return fields.list('te').includes('trailers')
}
