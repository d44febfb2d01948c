import type { Transport, TransportRequest, TransportResponse } from '@sse-from-scratch/sse-client/fetch'
import { createBodyReader } from './body-reader.ts'

/** Redirects followed for one request. A server that corrects an address needs one. */
const MAX_REDIRECTS = 5

/**
 * Follows redirects that keep to the origin and to the method; any other is handed on as the answer it is.
 *
 * Stricter than RFC 9110 §15.4, which leaves it to the client: a prompt was meant for one server, and nobody there can
 * send it to another one. And a POST that 301, 302 or 303 turn into a GET fetches a page, not an answer.
 */
export function followWithinOrigin(transport: Transport): Transport {
  return async (request) => {
    let current = request
    for (let left = MAX_REDIRECTS; ; left--) {
      const response = await transport(current)
      const url = left > 0 ? targetOf(current, response) : undefined
      if (url === undefined) return response
      await hangUp(response)
      current = { ...current, url }
    }
  }
}

/** Nobody reads the body of a redirect. */
async function hangUp({ body }: TransportResponse): Promise<void> {
  await body?.[Symbol.asyncDispose]?.()
  if (body && !(Symbol.asyncDispose in body)) createBodyReader(body).cancel()
}

function targetOf({ url, method }: TransportRequest, { status, header }: TransportResponse): URL | undefined {
  const keepsMethod = status === 307 || status === 308 || (method === 'GET' && [301, 302, 303].includes(status))
  const location = header?.('location')
  if (!keepsMethod || !location || !URL.canParse(location, url.href)) return undefined
  const target = new URL(location, url)
  return target.origin === url.origin ? target : undefined
}
