/**
 * The base URL without slashes at its end.
 *
 * @throws TypeError when it cannot work; it says what `name` calls it, and never repeats what may be a password or a key
 */
export function checkBaseUrl(baseUrl: string, name?: string): string {
  const what = name === undefined ? 'the base URL' : `the base URL (${name})`
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new TypeError(`${what} must begin with http:// or https://, as in ${withScheme(baseUrl.trim())}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`${what} must not contain a user or a password: use headers`)
  }
  return baseUrl.trim().replace(/[/#]+$/, '')
}

const EXAMPLE = 'http://localhost:1234/v1'
/** Looks like an address that lacks its scheme, and like no key: a host, then a port or a path. */
const ADDRESS = /^(?<host>localhost|[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?<port>:\d{1,5})?(?<path>(?:\/[\w.-]*)*)$/i

function withScheme(text: string): string {
  const { host = '', port, path } = ADDRESS.exec(text)?.groups ?? {}
  if (host === 'localhost' || port) return `http://${text}`
  return host.includes('.') && path ? `https://${text}` : EXAMPLE
}
