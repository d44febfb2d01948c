/** Who is asked in the client's place. */
export interface Target {
  /** An origin: scheme, host and port, and nothing else. */
  readonly url: URL
  /** What the target is called in the Host field of a request for it (RFC 9110 §7.2). */
  readonly authority: string
}

/**
 * The target a proxy can stand in for: an origin. Whatever else a URL says would have to be put into every request.
 *
 * @throws TypeError for what is no `http:` or `https:` URL, or has credentials, a path or a query
 */
export function targetOf(target: string | URL): Target {
  const url = new URL(target)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`the target is http: or https:, not ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') throw new TypeError('the target has credentials: clients send theirs')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new TypeError('the target is an origin: a path belongs into the base URL of the client')
  }
  return { url, authority: url.host }
}
