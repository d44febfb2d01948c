import { Fields } from '@sse-from-scratch/http-raw'
import type { TransportResponse } from '@sse-from-scratch/sse-client'
import type { HeaderLookup } from './rate-limit.ts'

/** A look into the response's head; a transport without one knows no headers. */
export function lookupIn(response: TransportResponse): HeaderLookup {
  return (name) => response.header?.(name) ?? undefined
}

/** The fields that say when and where to come back: all that `Provider.readError` asks for. */
export function fieldsFrom(header: HeaderLookup): Fields {
  const names = [
    'retry-after',
    'retry-after-ms',
    'x-should-retry',
    'date',
    'request-id',
    'x-request-id',
    'content-type',
    'location',
  ]
  return new Fields(names.flatMap((name) => (header(name) === undefined ? [] : [[name, header(name) ?? ''] as const])))
}
