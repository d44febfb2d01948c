import type { BodyEncoder } from './body.ts'
import { createIdentityEncoder } from './body-encoder.ts'
import { type FieldLine, Fields } from './fields.ts'
import { encodeRequestHead, type HttpVersion, type RequestHead } from './head.ts'
import { type HttpOptions, ownVersion } from './options.ts'
import { persists } from './persistence.ts'
import { isHost } from './request-target.ts'

/** What a caller wants to ask. */
export interface OutgoingRequest {
  readonly url: URL
  readonly method: string
  readonly fields: Fields
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined
}

/** How that is said on the wire. */
export interface FramedRequest {
  readonly head: Uint8Array
  readonly encoder: BodyEncoder
  /** Whether it asks for the connection to be kept (RFC 9112 §9.3). */
  readonly persists: boolean
}

export interface FrameRequestOptions extends HttpOptions {
  /** Ask for the connection to be kept, unless the caller's Connection says otherwise. */
  readonly persist: boolean
}

/** Parses a URL we can ask. `TypeError` without repeating it: there may be a password in it. */
export function requestUrl(text: string | URL, base?: URL): URL {
  const url = parseUrl(text, base)
  if (url === undefined) throw new TypeError('not a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`not an http(s) URL: ${url.protocol}`)
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('a URL with credentials (RFC 9110 §4.2.4): send an Authorization field instead')
  }
  return url
}

/** Chooses the framing of a request (RFC 9112 §6). Throws `TypeError` for one that cannot be sent. */
export function frameRequest(request: OutgoingRequest, options: FrameRequestOptions): FramedRequest {
  const { url, method, body } = request
  checkRequest(request)
  const { fields, encoder } = frameBody(request, options)
  const host = fields.has('host') ? [] : [['Host', url.host] as const] // first, as RFC 9110 §7.2 advises
  const version = ownVersion(options)
  const connection = connectionOptions(fields, options.persist, version)
  const head: RequestHead = {
    method,
    target: url.pathname + url.search,
    version,
    fields: new Fields([...host, ...connection, ...fields]),
  }
  return {
    head: encodeRequestHead(head),
    encoder: body ? encoder : createIdentityEncoder(0),
    persists: persists(head),
  }
}

/**
 * What has to be said about the connection, and the caller has not. RFC 9112 §9.3: HTTP/1.1 keeps it by default, HTTP/1.0
 * does not. RFC 9110 §10.1.4: TE is for the next server only, and who sends it MUST say so here.
 */
function connectionOptions(fields: Fields, persist: boolean, version: HttpVersion): readonly FieldLine[] {
  const given = fields.list('connection')
  const te = fields.has('te') && !given.includes('te') ? ['TE'] : []
  const options = fields.has('connection') ? te : [...persistence(persist, version), ...te]
  return options.length === 0 ? [] : [['Connection', options.join(', ')]]
}

function persistence(persist: boolean, version: HttpVersion): readonly string[] {
  if (!persist) return ['close']
  return version === '1.1' ? [] : ['keep-alive']
}

function checkRequest({ method, fields }: OutgoingRequest): void {
  if (method === 'CONNECT') throw new TypeError('CONNECT asks for a tunnel, not for a response')
  if (fields.has('transfer-encoding')) throw new TypeError('Transfer-Encoding is chosen here: plug a coding in')
  const hosts = fields.all('host')
  if (hosts.length > 1 || !hosts.every(isHost)) throw new TypeError('Host is one host and port')
}

function frameBody(
  { method, fields, body }: OutgoingRequest,
  options: HttpOptions,
): { fields: Fields; encoder: BodyEncoder } {
  const given = fields.get('content-length')
  if (given !== undefined && !/^\d{1,15}$/.test(given)) throw new TypeError('Content-Length is not one number')
  const length = body instanceof Uint8Array ? body.length : body ? undefined : 0
  if (length !== undefined) {
    if (given !== undefined && Number(given) !== length)
      throw new TypeError(`Content-Length is ${given}, the body has ${length} bytes`)
    const tell = given === undefined && (body !== undefined || METHODS_WITH_CONTENT.has(method))
    return {
      fields: tell ? fields.with('Content-Length', `${length}`) : fields,
      encoder: createIdentityEncoder(length),
    }
  }
  if (given !== undefined) return { fields, encoder: createIdentityEncoder(Number(given)) }
  const coding = options.transferCodings?.[0]
  if (!coding) throw new TypeError('a streamed request body needs a Content-Length or a transfer coding')
  return { fields: fields.with('Transfer-Encoding', coding.name), encoder: coding.createEncoder() }
}

/** RFC 9110 §8.6: those whose meaning anticipates content SHOULD say that there is none. */
const METHODS_WITH_CONTENT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** `new URL` without the exception, which carries its whole input. (`URL.parse` is not in Node 20.) */
function parseUrl(text: string | URL, base?: URL): URL | undefined {
  return URL.canParse(String(text), base?.href) ? new URL(String(text), base) : undefined
}
