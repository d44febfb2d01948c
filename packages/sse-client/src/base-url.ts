/** What is used of a page's or a worker's global object; neither's types are installed here. */
interface Place {
  readonly document?: { readonly baseURI?: string }
  readonly location?: { readonly href?: string }
}

/**
 * What a relative URL is relative to (HTML §8.1.3.2, API base URL): the page's `<base>` or address, or where a worker's script
 * came from. `undefined` where there is neither, as in Node.
 */
export function baseUrl(): string | undefined {
  const { document, location } = globalThis as unknown as Place
  return document?.baseURI ?? location?.href
}

/**
 * The absolute form of a URL.
 *
 * @throws TypeError for one that does not parse, without repeating it: it may have a password
 */
export function absoluteUrl(url: string | URL): URL {
  const base = baseUrl()
  if (URL.canParse(`${url}`, base)) return new URL(url, base)
  const isRelative = base === undefined && URL.canParse(`${url}`, 'http://a/')
  throw new TypeError(
    isRelative ? 'a relative URL, and nothing here that it could be relative to' : 'the URL does not parse',
  )
}
