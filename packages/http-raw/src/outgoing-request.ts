import type { BodyEncoder, TransferCoding } from './body.ts'
import { createIdentityEncoder } from './body-encoder.ts'
import { Fields, type FieldsInit } from './fields.ts'
import { TOKEN } from './grammar.ts'
import type { HttpVersion } from './head.ts'
import { type HttpOptions, ownVersion } from './options.ts'
import { isPersistent } from './persistence.ts'
import { isHost, OUTGOING_TARGET } from './request-target.ts'
import type { TargetUri } from './target-uri.ts'

/** Fields to send after a body, or who knows them when it is over. */
export type TrailersInit = FieldsInit | (() => FieldsInit | Promise<FieldsInit>)

/** What a caller wants to ask. */
export interface OutgoingRequest {
  readonly uri: TargetUri
  readonly method: string
  readonly fields: Fields
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined
  readonly trailers: TrailersInit | undefined
}

/** How that is said on the wire. */
export interface FramedRequest {
  /** Up to and including the blank line, one character a byte. */
  readonly head: string
  readonly encoder: BodyEncoder
  /** Whether it asks for the connection to be kept (RFC 9112 §9.3). */
  readonly persists: boolean
}

export interface FrameRequestOptions extends HttpOptions {
  /** Ask for the connection to be kept, unless the caller's Connection says otherwise. */
  readonly persist: boolean
}

/** Chooses the framing of a request (RFC 9112 §6). Throws `TypeError` for one that cannot be sent. */
export function frameRequest(request: OutgoingRequest, options: FrameRequestOptions): FramedRequest {
  const { uri, method, fields } = request
  checkRequest(request)
  const version = ownVersion(options)
  const { line, encoder } = frameBody(request, options)
  const connection = connectionOptions(fields, options.persist, version)
  const host = fields.has('host') ? '' : `Host: ${uri.host}\r\n` // first, as RFC 9110 §7.2 advises
  const connectionLine = connection.length > 0 ? `Connection: ${connection.join(', ')}\r\n` : ''
  return {
    head: `${method} ${uri.target} HTTP/${version}\r\n${host}${connectionLine}${fields}${line}\r\n`,
    encoder,
    persists: isPersistent([...connection, ...fields.list('connection')], version),
  }
}

/**
 * What has to be said about the connection, and the caller has not. RFC 9112 §9.3: HTTP/1.1 keeps it by default, HTTP/1.0
 * does not. RFC 9110 §10.1.4: TE is for the next server only, and who sends it MUST say so here.
 */
function connectionOptions(fields: Fields, persist: boolean, version: HttpVersion): readonly string[] {
  const te = fields.has('te') && !fields.list('connection').includes('te') ? ['TE'] : []
  return fields.has('connection') ? te : [...persistence(persist, version), ...te]
}

function persistence(persist: boolean, version: HttpVersion): readonly string[] {
  if (!persist) return ['close']
  return version === '1.1' ? [] : ['keep-alive']
}

function checkRequest({ uri, method, fields, body }: OutgoingRequest): void {
  if (!TOKEN.test(method)) throw new TypeError(`not a method: ${JSON.stringify(method)}`)
  if (!OUTGOING_TARGET.test(uri.target)) throw new TypeError('a request target is visible ASCII without "#"')
  if (method === 'CONNECT') throw new TypeError('CONNECT asks for a tunnel, not for a response')
  if (method === 'TRACE' && body !== undefined) throw new TypeError('TRACE has no content (RFC 9110 §9.3.8)')
  if (fields.has('transfer-encoding')) throw new TypeError('Transfer-Encoding is chosen here: plug a coding in')
  const hosts = fields.all('host')
  if (hosts.length > 1 || !hosts.every(isHost)) throw new TypeError('Host is one host and port')
}

/** How the body says where it ends: the line to add to the fields, if any, and what puts the framing around it. */
interface BodyFraming {
  readonly line: string
  readonly encoder: BodyEncoder
}

function frameBody({ method, fields, body, trailers }: OutgoingRequest, options: HttpOptions): BodyFraming {
  const given = fields.get('content-length')
  if (given !== undefined && !/^\d{1,15}$/.test(given)) throw new TypeError('Content-Length is not one number')
  if (trailers !== undefined) return frameTrailers(trailers, given, options)
  const length = body instanceof Uint8Array ? body.length : body ? undefined : 0
  if (length !== undefined) {
    if (given !== undefined && Number(given) !== length)
      throw new TypeError(`Content-Length is ${given}, the body has ${length} bytes`)
    const tell = given === undefined && (body !== undefined || METHODS_WITH_CONTENT.has(method))
    return { line: tell ? `Content-Length: ${length}\r\n` : '', encoder: createIdentityEncoder(length) }
  }
  if (given !== undefined) return { line: '', encoder: createIdentityEncoder(Number(given)) }
  const coding = options.transferCodings?.[0]
  if (!coding) throw new TypeError('a streamed request body needs a Content-Length or a transfer coding')
  return frameCoded(coding)
}

/** Only a transfer coding has a place for them (RFC 9110 §6.5.1). Those that are known already are tried first. */
function frameTrailers(trailers: TrailersInit, contentLength: string | undefined, options: HttpOptions): BodyFraming {
  if (contentLength !== undefined) throw new TypeError('trailers have no place under a Content-Length')
  const coding = options.transferCodings?.[0]
  if (!coding) throw new TypeError('trailers need a transfer coding')
  if (typeof trailers !== 'function') coding.createEncoder().end(new Fields(trailers))
  return frameCoded(coding)
}

function frameCoded(coding: TransferCoding): BodyFraming {
  return { line: `Transfer-Encoding: ${coding.name}\r\n`, encoder: coding.createEncoder() }
}

/** RFC 9110 §8.6: those whose meaning anticipates content SHOULD say that there is none. */
const METHODS_WITH_CONTENT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])
