import { type Headers, without } from './headers.ts'

/** What says who we are. The last three are how providers of language models carry their keys. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'api-key', 'x-goog-api-key']

/**
 * The headers that may go to `url` when they were meant for `origin`: to another origin none that prove who we are.
 *
 * Fetch §4.4 asks this for Authorization and every single redirect. A stream goes on where a redirect has led,
 * so it has to remember.
 */
export function headersFor(url: URL, origin: URL, headers: Headers): Headers {
  return url.origin === origin.origin ? headers : without(headers, CREDENTIALS)
}
