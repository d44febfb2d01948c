import { count, milliseconds } from '@sse-from-scratch/tcp-echo/limits'
import type { ClientExchangeOptions } from './client-exchange.ts'
import type { Dial, DialOptions } from './dial.ts'
import type { FieldsInit } from './fields.ts'
import { limitsOf } from './limits.ts'
import type { HttpOptions } from './options.ts'
import type { TrailersInit } from './outgoing-request.ts'
import type { Pool } from './pool.ts'

/** What to ask, how to get there, and how patient to be. Times are milliseconds. */
export interface RequestOptions extends HttpOptions, DialOptions {
  /** Case-sensitive. Default GET. */
  readonly method?: string
  /** Host, Connection and the framing fields are added; Host and Connection only if you give none. */
  readonly fields?: FieldsInit
  /** A whole body goes under a Content-Length; a stream needs one too, or a transfer coding. */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>
  /**
   * Fields to send after the body, or a function that is asked for them when the body is over (RFC 9110 §6.5). Then the
   * body goes in a transfer coding; a `TypeError` if there is none, or under a Content-Length, where trailers have no place.
   * To announce them, name them in a Trailer field of yours. Default none.
   */
  readonly trailers?: TrailersInit
  /** How many redirects to follow (RFC 9110 §15.4). Credentials stay with their origin. Default 0. */
  readonly redirects?: number
  /**
   * Ask for a body in gzip, deflate or br, and decode it (RFC 9110 §8.4). The fields stay as they were sent: Content-Encoding
   * and Content-Length are about the body on the wire. An Accept-Encoding of yours is sent as it is. Default false.
   */
  readonly decompress?: boolean
  /** From the open connection to the head of the final response, in milliseconds; 0 is for ever. Default 300,000. */
  readonly headTimeout?: number
  /** Where connections are kept for the next request. Default none: each request has a connection of its own. */
  readonly pool?: Pool
  /**
   * Whether the server may get this request twice (RFC 9110 §9.2.2). Then it is repeated, once, if it was sent on a kept
   * connection and that has closed without a byte of an answer. Default by method: GET, HEAD, OPTIONS, TRACE, PUT, DELETE.
   */
  readonly idempotent?: boolean
  readonly dial?: Dial
}

/** What of it every hop needs. */
export interface RequestSettings extends ClientExchangeOptions {
  readonly redirects: number
  readonly persist: boolean
}

/** The options with their defaults filled in; a `RangeError` for one that makes no sense. */
export function requestSettings(options: RequestOptions): RequestSettings {
  const { redirects = 0 } = options
  return {
    redirects: count('redirects', redirects),
    transferCodings: options.transferCodings ?? [],
    limits: limitsOf(options.limits),
    headTimeout: milliseconds('headTimeout', options.headTimeout ?? 300_000),
    signal: options.signal,
    persist: options.pool !== undefined,
  }
}
