import type { Transport } from '@sse-from-scratch/sse-client/fetch'
import { fetchTransport as fetchEvents } from '@sse-from-scratch/sse-client/fetch'
import { LlmError } from './errors.ts'
import { followWithinOrigin } from './redirects.ts'

/**
 * Requests over fetch: for browsers, workers, Deno, Bun, and Node with a proxy to please.
 *
 * Redirects are followed within the origin only, where fetch lets us see them: a browser does not, and there any of them
 * is `LLM_STATUS`. What fetch decides for itself: Accept-Encoding, kept connections, and whether a page may ask at all (CORS).
 */
export function fetchTransport(fetch: typeof globalThis.fetch = globalThis.fetch): Transport {
  return followWithinOrigin(
    fetchEvents(async (input, init) => {
      const response = await fetch(input, { ...init, redirect: 'manual' })
      if (response.type !== 'opaqueredirect') return response
      throw new LlmError('LLM_STATUS', 'a redirect, and a browser does not say where it leads: check the base URL')
    }),
  )
}
