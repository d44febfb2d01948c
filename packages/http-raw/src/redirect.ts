import { CREDENTIALS } from './credentials.ts'
import { Fields, type FieldsInit } from './fields.ts'
import type { ResponseHead } from './head.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { type TargetUri, targetUri } from './target-uri.ts'

/** What describes a body, and has no meaning without one (RFC 9110 §15.4). */
const CONTENT_FIELDS: readonly string[] = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-location',
  'digest',
  'content-digest',
  'last-modified',
]

/**
 * The request that follows from a redirect (RFC 9110 §15.4), or `undefined` if there is none to follow: no usable
 * Location, or a streamed body that has been sent and would have to be sent again.
 */
export function redirected(request: OutgoingRequest, response: ResponseHead): OutgoingRequest | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined
  const uri = locationOf(request.uri.url, response)
  if (uri === undefined) return undefined
  const next = becomesGet(request.method, response.status) ? asGet(request) : request
  if (next.body !== undefined && !(next.body instanceof Uint8Array)) return undefined
  const stays = uri.url.origin === request.uri.url.origin
  return stays ? { ...next, uri } : { ...next, uri, ...withoutCredentials(next) }
}

/** Trailers that a function makes are made again for the other origin, and looked at then. */
function withoutCredentials({ fields, trailers }: OutgoingRequest): Pick<OutgoingRequest, 'fields' | 'trailers'> {
  const strip = (trailers: FieldsInit) => new Fields(trailers).without(...CREDENTIALS)
  const stripped =
    typeof trailers === 'function' ? async () => strip((await trailers()) ?? {}) : trailers && strip(trailers)
  return { fields: fields.without('host', ...CREDENTIALS), trailers: stripped }
}

/** §15.4.4: 303 asks for a GET. §15.4.2 and .3: after 301 and 302 a POST MAY become one, and everywhere does. */
function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}

function asGet(request: OutgoingRequest): OutgoingRequest {
  return {
    ...request,
    method: 'GET',
    body: undefined,
    trailers: undefined,
    fields: request.fields.without(...CONTENT_FIELDS),
  }
}

function locationOf(base: URL, { fields }: ResponseHead): TargetUri | undefined {
  const [location, ...more] = fields.all('location')
  if (location === undefined || more.length > 0) return undefined
  try {
    return targetUri(location, base)
  } catch {
    return undefined
  }
}
