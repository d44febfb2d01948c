import { SseError } from './errors.ts'
import { byteStrings } from './header-text.ts'
import { Mistake } from './mistake.ts'
import type { Transport } from './transport.ts'

/** The schemes fetch answers; asking for another looks like a lost network, and would be asked for ever. */
const FETCHABLE = ['http:', 'https:', 'data:', 'blob:']

/**
 * Event streams over fetch: for browsers, Deno, Bun, Workers, and Node with a proxy to please.
 *
 * Redirects are followed by fetch, at most 20 (Fetch §4.4); the one too many looks to us like a lost network. To another
 * origin fetch keeps back Authorization, and not a key in a field such as X-Api-Key: where that matters use
 * `rawTransport`, or `(url, init) => fetch(url, { ...init, redirect: 'error' })`. Later connections send neither.
 *
 * A `fetch` of your own must return a promise of a Response. If it does not, the stream fails with a TypeError.
 *
 * @throws TypeError when `fetch` is no function
 */
export function fetchTransport(fetch: typeof globalThis.fetch = globalThis.fetch): Transport {
  if (typeof fetch !== 'function') throw new TypeError('fetch is a function')
  return async ({ url, method, headers, body, withCredentials, signal }) => {
    if (!FETCHABLE.includes(url.protocol)) throw new SseError('SSE_BAD_URL', `cannot fetch ${url.protocol}`)
    if (url.username !== '' || url.password !== '') {
      // fetch refuses it too (Fetch §5.4), and would repeat the password in its error
      throw new SseError('SSE_BAD_REQUEST', 'a URL with credentials: send an Authorization header instead')
    }
    const init = {
      method,
      headers: byteStrings(headers),
      body,
      signal,
      credentials: withCredentials ? 'include' : 'same-origin',
      cache: 'no-store', // not in every runtime's types
    } as RequestInit
    const response = await promised(fetch(url, init)).catch((error: unknown) => {
      throw refusalOf(error, url, init)
    })
    if (typeof response?.headers?.get !== 'function') throw new Mistake('fetch resolved with no Response')
    const header = (name: string) => response.headers.get(name)
    return {
      status: response.status,
      contentType: header('content-type'),
      header,
      url: response.url === '' ? url : new URL(response.url),
      body: response.body,
    }
  }
}

/** What has no `catch` is no promise, and what a fetch returns instead will be no better next time. */
function promised(answer: Promise<Response> | undefined): Promise<Response> {
  if (typeof answer?.then !== 'function') throw new Mistake('fetch returned no promise')
  return Promise.resolve(answer)
}

/**
 * fetch says TypeError for what it will not ask as well as for what it could not reach. Only the second may end
 * differently next time.
 */
function refusalOf(error: unknown, url: URL, init: RequestInit): unknown {
  if (!(error instanceof TypeError)) return error
  const refused = isLateRefusal(error.cause) || !isRequest(url, init)
  return refused ? new SseError('SSE_BAD_REQUEST', error.message, { cause: error }) : error
}

/** Whether fetch would begin at all: it makes a Request first (Fetch §5.6), and throws what that throws. */
function isRequest(url: URL, init: RequestInit): boolean {
  try {
    return new Request(url, init) !== null
  } catch {
    return false
  }
}

/** The fetch of Node 20 refuses some headers (Connection: x) only when it writes them. */
function isLateRefusal(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_INVALID_ARG'
}
