import type { ResponseHead } from '@sse-from-scratch/http-raw'

/**
 * How a client knows where the body of a response ends (RFC 9112 §6.3).
 *
 * ```text
 * HTTP/1.1 200 OK \r\n
 * Content-Length: 5 \r\n             how many bytes, or
 * Transfer-Encoding: chunked \r\n    the body says so itself, or
 * \r\n                               neither: when the connection is closed, or there is no body at all
 * ```
 *
 * @param head the parsed head: `head.status`, `head.fields.has('content-length')`, `head.fields.all('content-length')` for each
 *   value, `head.fields.list('transfer-encoding')` for the members in lower case
 * @param method the method of the request that was answered: a response to HEAD has no body, whatever its head says
 * @throws an Error with the code `BadFraming` for a head that two readers could understand in two ways
 */
export type BodyFraming = (head: ResponseHead, method: string) => Framing

export type Framing =
  | { readonly kind: 'none' | 'chunked' | 'until-close' }
  | { readonly kind: 'length'; readonly bytes: number }
