import { nameOf } from '@sse-from-scratch/tcp-echo/limits'
import { acceptEncoding } from './content-coding.ts'
import { Fields } from './fields.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import type { RequestOptions } from './request-options.ts'
import { targetUri } from './target-uri.ts'

const NO_FIELDS = new Fields()

/** What a caller asks for, checked. Throws a `TypeError` for a URL, fields, or a body that cannot be sent. */
export function askedRequest(url: string | URL, options: RequestOptions): OutgoingRequest {
  const { method = 'GET', body, trailers, decompress = false } = options
  const given = options.fields === undefined ? NO_FIELDS : new Fields(options.fields)
  const ask = decompress && !given.has('accept-encoding')
  return {
    uri: targetUri(url),
    method,
    fields: ask ? given.with('Accept-Encoding', acceptEncoding(given)) : given,
    body: contentOf(body),
    trailers: trailers === undefined || typeof trailers === 'function' ? trailers : new Fields(trailers),
  }
}

/** Anything else would be taken for no body, and what it said would be lost: an object, a form, a Blob. */
function contentOf(body: RequestOptions['body']): OutgoingRequest['body'] {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body === undefined || body instanceof Uint8Array || isStream(body)) return body
  const advice = 'JSON.stringify it, or give its stream()'
  throw new TypeError(
    `the body of a request is a Uint8Array, a string or an AsyncIterable, not ${nameOf(body)}: ${advice}`,
  )
}

function isStream(body: object | null): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
