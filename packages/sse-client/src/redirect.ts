import { SseError } from './errors.ts'
import { textOf } from './header-text.ts'
import { only, without } from './headers.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

/** Redirects followed for one request: as many as Fetch §4.4 allows. */
export const MAX_REDIRECTS = 20

/** Fetch §2.2.3 "redirect status": not 300, 304 or 305 (RFC 9110 §15.4). */
const REDIRECT_STATUS = [301, 302, 303, 307, 308]

/** Fetch §2.2.2 "request-body-header name": they describe a body, and go where it goes. */
const BODY_FIELDS = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']

/** What another origin than the one the caller named may hear. */
const PUBLIC_FIELDS = ['accept', 'accept-language', 'cache-control', 'last-event-id', 'user-agent', ...BODY_FIELDS]

/** A transport that goes where `transport` is sent (RFC 9110 §15.4; Fetch §4.4, "HTTP-redirect fetch"). */
export function followRedirects(transport: Transport): Transport {
  return async (first) => {
    let request = first
    for (let followed = 0; ; followed++) {
      const response = await transport(request)
      const location = response.header?.('location')
      if (!REDIRECT_STATUS.includes(response.status) || typeof location !== 'string') {
        return { ...response, url: request.url }
      }
      await release(response)
      if (followed === MAX_REDIRECTS) throw new SseError('SSE_BAD_REDIRECT', `more than ${MAX_REDIRECTS} redirects`)
      request = redirected(request, response.status, locationOf(location, request.url))
    }
  }
}

/** The body of a redirect is of no interest, and keeps a connection open. */
async function release({ body }: TransportResponse): Promise<void> {
  if (body && Symbol.asyncDispose in body)
    await (body as AsyncIterable<Uint8Array> & AsyncDisposable)[Symbol.asyncDispose]()
}

/** Throws what does not name a place we can go: asking again would be answered the same. */
function locationOf(location: string, base: URL): URL {
  const text = textOf(location) // not every server escapes its UTF-8, and browsers take it as such
  const url = URL.canParse(text, base.href) ? new URL(text, base) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new SseError('SSE_BAD_REDIRECT', 'redirected to something that is not an http URL')
}

function redirected(request: TransportRequest, status: number, url: URL): TransportRequest {
  const headers = headersFor(url, request.url, request.headers)
  if (!becomesGet(status, request.method)) return { ...request, url, headers }
  const { body: _, ...rest } = request
  return { ...rest, url, method: 'GET', headers: without(headers, BODY_FIELDS) }
}

/** 303 says "see other"; after 301 and 302 a POST turns into a GET, as in every browser (RFC 9110 §15.4.2, note). */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}

/**
 * The headers that may follow a redirect from one URL to another.
 *
 * Stricter than Fetch, which keeps back Authorization alone: keys travel in fields of many names,
 * and what the caller added was meant for the origin he named.
 */
export function headersFor(
  url: URL,
  from: URL,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return url.origin === from.origin ? headers : only(headers, PUBLIC_FIELDS)
}
