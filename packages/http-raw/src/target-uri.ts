/** What a request is for (RFC 9110 §7.1), in the forms in which it is needed. */
export interface TargetUri {
  readonly url: URL
  /** Without a fragment: that stays with us. */
  readonly text: string
  /** As in Host: without the default port. */
  readonly host: string
  /** In origin-form (RFC 9112 §3.2.1). */
  readonly target: string
}

const MOST_KNOWN = 64
const LONGEST_KNOWN = 1024

/**
 * The last ones, by what was given. Who asks for the same again does not pay for parsing it: 1.1 times the requests
 * (`npm run bench:http -- --only client`). A URL can be changed, and a dial gets it, hence `href`.
 */
const known = new Map<string, { readonly uri: TargetUri; readonly href: string }>()

/** Parses a URL we can ask. `TypeError` without repeating it: there may be a password in it. */
export function targetUri(given: string | URL, base?: URL): TargetUri {
  const text = String(given)
  if (base) return parse(text, base)
  const found = known.get(text)
  if (found && found.uri.url.href === found.href) return found.uri
  const uri = parse(text)
  if (known.size === MOST_KNOWN) known.clear()
  if (text.length <= LONGEST_KNOWN) known.set(text, { uri, href: uri.url.href })
  return uri
}

function parse(text: string, base?: URL): TargetUri {
  if (!URL.canParse(text, base?.href)) throw new TypeError('not a URL') // new URL would repeat it
  const url = new URL(text, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`not an http(s) URL: ${url.protocol}`)
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('a URL with credentials (RFC 9110 §4.2.4): send an Authorization field instead')
  }
  return { url, text: url.href.replace(/#.*$/s, ''), host: url.host, target: url.pathname + url.search }
}
