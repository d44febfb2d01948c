import type { ResponseHead } from '@sse-from-scratch/http-raw'

/** The type and subtype of a body, in lower case, without parameters (RFC 9110 §8.3.1). */
export function mediaTypeOf(response: ResponseHead | undefined): string {
  return response?.fields.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
}
