import type { TransportResponse } from '@sse-from-scratch/sse-client/fetch'
import type { FieldLookup } from './provider.ts'
import type { HeaderLookup } from './rate-limit.ts'

/** A look into the response's head; a transport without one knows no headers. */
export function lookupIn(response: TransportResponse): HeaderLookup {
  return (name) => response.header?.(name) ?? undefined
}

/** The same look, as `Provider.readError` wants it. */
export function fieldsFrom(header: HeaderLookup): FieldLookup {
  return { get: header }
}
