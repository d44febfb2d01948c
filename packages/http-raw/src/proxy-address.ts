import type { FieldLine } from './field-line.ts'

/** Where a proxy is, and what to tell it about us. */
export interface ProxyAddress {
  /** Without name and password. */
  readonly url: URL
  readonly credentials: readonly FieldLine[]
}

/** Takes a proxy's URL apart. `TypeError` without repeating it: there may be a password in it. */
export function proxyAddress(proxy: string | URL): ProxyAddress {
  if (!URL.canParse(String(proxy))) throw new TypeError('the proxy is not a URL')
  const url = new URL(String(proxy))
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`not an http(s) proxy: ${url.protocol}`)
  }
  const credentials = basicCredentials(url)
  url.username = ''
  url.password = ''
  return { url, credentials }
}

/** `Basic` with `user-id ":" password` in base64 of UTF-8 (RFC 7617 §2). */
function basicCredentials({ username, password }: URL): readonly FieldLine[] {
  if (username === '' && password === '') return []
  const name = percentDecoded(username)
  if (name.includes(':')) throw new TypeError('a colon in the name for the proxy (RFC 7617 §2)')
  const pair = `${name}:${percentDecoded(password)}`
  if (/\p{Cc}/u.test(pair))
    throw new TypeError('a control character in the name or password for the proxy (RFC 7617 §2)')
  return [['Proxy-Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new TypeError('the name or password for the proxy is not percent-encoded UTF-8')
  }
}
