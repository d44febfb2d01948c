import { isToken } from '@sse-from-scratch/http-raw/headers'

/** Which pages of other origins may read a stream (Fetch §3.2). Without this option: none. */
export interface CorsOptions {
  /**
   * Origins as browsers send them, such as `https://app.example`; a function that says yes to one; or `*` for any page
   * of the web. What is not allowed here is never named in an answer. With `credentials`, `null` is not allowed whatever
   * a function says: any page can call itself that, by a sandboxed frame, and would read with the cookies of its visitor.
   */
  readonly origins: '*' | readonly string[] | ((origin: string) => boolean)
  /** Whether cookies and the like may come along: `withCredentials` of an EventSource. Default false; never with `*`. */
  readonly credentials?: boolean
  /** Header fields that scripts may set. Default: Authorization, Cache-Control, Content-Type, Last-Event-ID. */
  // An EventSource needs none of them allowed. Those who build one on fetch do, Cache-Control included (Fetch §2.2.2).
  readonly headers?: readonly string[]
  /** Methods that scripts may use. Default: GET, HEAD, POST. */
  readonly methods?: readonly string[]
  /** Seconds for which a browser need not ask again. Default 600. */
  readonly maxAge?: number
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@A-Z]+$/

/**
 * The fields that let a page of this origin read an answer. `openSession` adds them by its option `cors`. A 204 needs
 * them too, `stopReconnecting(…, { headers })`: without them it is a network error (Fetch §4.10), after which a client
 * may come back (HTML §9.2.3).
 *
 * @throws TypeError for what is no origin, for `null`, which every sandboxed page calls itself, and for credentials
 * together with `*`, which browsers refuse (Fetch §3.2.5)
 */
export function corsHeaders(origin: string | null | undefined, cors: CorsOptions): Record<string, string> {
  const { origins, credentials = false } = cors
  check(cors)
  if (origins === '*') return { 'Access-Control-Allow-Origin': '*' }
  const allowed = typeof origin === 'string' && isSomebody(origin, credentials) && isAllowed(origin, origins)
  return {
    ...(allowed && { 'Access-Control-Allow-Origin': origin }),
    ...(allowed && credentials && { 'Access-Control-Allow-Credentials': 'true' }),
    Vary: 'Origin', // also when the answer is no: a cache must not repeat it to somebody else
  }
}

/** The fields of the answer to a preflight request (Fetch §3.2.2). */
export function preflightHeaders(origin: string | null | undefined, cors: CorsOptions): Record<string, string> {
  const { headers = DEFAULT_HEADERS, methods = DEFAULT_METHODS, maxAge = 600 } = cors
  const fields = corsHeaders(origin, cors)
  if (!('Access-Control-Allow-Origin' in fields)) return fields
  return {
    ...fields,
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': headers.join(', '),
    'Access-Control-Max-Age': `${maxAge}`,
  }
}

/** Whether a browser asks what a script may do, instead of doing it. */
export function isPreflight(method: string | undefined, field: (name: string) => unknown): boolean {
  return method === 'OPTIONS' && !!field('origin') && !!field('access-control-request-method')
}

const DEFAULT_HEADERS = ['Authorization', 'Cache-Control', 'Content-Type', 'Last-Event-ID']
const DEFAULT_METHODS = ['GET', 'HEAD', 'POST']

/** `null` is what every page without an origin sends (Fetch §3.2), and nothing at all is what no browser sends. */
function isSomebody(origin: string, credentials: boolean): boolean {
  return origin !== '' && !(credentials && origin === 'null')
}

function isAllowed(origin: string, origins: Exclude<CorsOptions['origins'], '*'>): boolean {
  return typeof origins === 'function' ? origins(origin) === true : origins.includes(origin)
}

function check({ origins, credentials, headers = [], methods = [], maxAge = 0 }: CorsOptions): void {
  if (origins === '*' && credentials) throw new TypeError('credentials need a list of origins: "*" does not allow any')
  if (typeof origins === 'string' && origins !== '*') throw new TypeError('origins is a list, a function or "*"')
  if (Array.isArray(origins)) {
    const wrong = origins.find((origin) => !ORIGIN.test(origin))
    if (wrong !== undefined)
      throw new TypeError(`not an origin, which is scheme://host[:port]: ${JSON.stringify(wrong)}`)
  }
  for (const name of [...headers, ...methods]) {
    if (!isToken(name)) throw new TypeError(`not a name: ${JSON.stringify(name)}`)
  }
  if (!Number.isSafeInteger(maxAge) || maxAge < 0) throw new RangeError(`maxAge is in whole seconds, not ${maxAge}`)
}
