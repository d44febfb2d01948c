/** Query parameters that are credentials: `?key=…` is how one provider takes its keys. */
const SECRETS: ReadonlySet<string> = new Set([
  'key',
  'apikey',
  'api-key',
  'api_key',
  'access-token',
  'access_token',
  'token',
  'sig',
  'signature',
  'id_token',
  'refresh_token',
  'client_secret',
  'secret',
  'password',
  'jwt',
  'x-api-key',
  'x-goog-api-key',
  'x-goog-signature',
  'x-amz-signature',
  'x-amz-security-token',
])
const ENOUGH = 1 + Math.max(...[...SECRETS].map((name) => name.length))

/** Follows a request-target byte by byte (RFC 3986 §3.4), and says of each whether it belongs to a secret's value. */
export function createQueryGrammar(): (byte: number) => boolean {
  let state: 'path' | 'name' | 'value' = 'path'
  let name = ''

  return (byte) => {
    const char = String.fromCharCode(byte)
    if (char === '#') state = 'path'
    else if (char === '?' || (char === '&' && state !== 'path')) {
      state = 'name'
      name = ''
    } else if (state === 'value') return SECRETS.has(name)
    else if (char === '=' && state === 'name') state = 'value'
    else if (state === 'name' && name.length < ENOUGH) name += char.toLowerCase()
    return false
  }
}
