import type { TransportResponse } from '@sse-from-scratch/sse-client'
import type { HeaderLookup } from './rate-limit.ts'

/** A look into the response's head; a transport without one knows no headers. */
export function lookupIn(response: TransportResponse): HeaderLookup {
  return (name) => response.header?.(name) ?? undefined
}

/** The same look, as `Provider.readError` wants it. */
export function fieldsFrom(header: HeaderLookup): { readonly get: HeaderLookup } {
  return { get: header }
}
