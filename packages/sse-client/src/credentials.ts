import { CREDENTIALS, type Headers, withoutHeaders } from '@sse-from-scratch/http-raw/headers'

/**
 * The headers that may go to `url` when they were meant for `origin`: to another origin none that prove who we are.
 *
 * Fetch §4.4 asks this for Authorization and every single redirect. A stream goes on where a redirect has led,
 * so it has to remember.
 */
export function headersFor(url: URL, origin: URL, headers: Headers): Headers {
  return url.origin === origin.origin ? headers : withoutHeaders(headers, CREDENTIALS)
}
