import {
  assertHeaders,
  hasControl,
  headerValue,
  isToken,
  overrideHeaders,
  withoutHeaders,
} from '@sse-from-scratch/http-raw/headers'
import { headersFor } from './credentials.ts'
import type { TransportRequest } from './transport.ts'

/** What one stream asks for, and what of it changes from one connection to the next (HTML §9.2.2). */
export interface StreamRequest {
  /** Whether sending it twice does no harm (RFC 9110 §9.2.1: safe). */
  readonly repeatable: boolean
  lastEventId: string
  /** Milliseconds. */
  reconnectionTime: number
  /** Later connections begin where a redirect has led: in the standard's words it is still the same request. */
  movedTo(url: URL): void
  next(signal: AbortSignal): TransportRequest
}

export interface StreamRequestInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly lastEventId?: string
}

/** What a server that sends no `retry:` gets: "a few seconds", says HTML §9.2.2. Milliseconds. */
const DEFAULT_RECONNECTION_TIME = 3000

/** HTML §9.2.2: the header and the cache mode that the constructor sets. */
const OWN_HEADERS = { Accept: 'text/event-stream', 'Cache-Control': 'no-cache' }

/** @throws TypeError for what no request can carry */
export function createStreamRequest(origin: URL, init: StreamRequestInit): StreamRequest {
  const { method = 'GET', headers: given = {}, body } = init
  assertHeaders(given)
  if (!isToken(method)) throw new TypeError(`not a method: ${JSON.stringify(method)}`)
  const repeatable = method === 'GET'
  if (repeatable && body !== undefined) throw new TypeError('a GET request has no body')
  const headers = overrideHeaders(OWN_HEADERS, withoutHeaders(given, ['last-event-id']))
  let url = origin

  const request: StreamRequest = {
    repeatable,
    lastEventId: initialId(init.lastEventId ?? headerValue(given, 'last-event-id') ?? ''),
    reconnectionTime: DEFAULT_RECONNECTION_TIME,
    movedTo(place) {
      if (repeatable) url = place // a POST that was answered by "see other" starts over where it was meant to go
    },
    next: (signal) => ({
      url,
      ...(url !== origin && { redirectedFrom: origin }),
      method,
      headers: { ...headersFor(url, origin, headers), ...lastEventIdHeader(request.lastEventId) },
      ...(body !== undefined && { body }),
      signal,
    }),
  }
  return request
}

/** An id with NUL, CR or LF cannot have come from an event stream. */
function initialId(id: string): string {
  if (/[\0\r\n]/.test(id)) throw new TypeError('lastEventId has a NUL or a line end')
  return id
}

/**
 * `Last-Event-ID`, unless there is none (HTML §9.2.3).
 *
 * An event stream may send ids with control characters, but no field may carry them (RFC 9110 §5.5): a strict server
 * would answer 400, and the stream would be lost for good. A head that is too long is answered with 431, just as finally
 * (RFC 6585 §5). Such an id is kept, and not sent: the stream goes on from now.
 */
function lastEventIdHeader(id: string): Record<string, string> {
  return id === '' || hasControl(id) || isLong(id) ? {} : { 'Last-Event-ID': id }
}

/** How many bytes of UTF-8 an id may take to be sent: half of the 8 KiB that nginx has for one line of a head. */
const LONGEST_ID_SENT = 4096

function isLong(id: string): boolean {
  return id.length * 3 > LONGEST_ID_SENT && new TextEncoder().encode(id).length > LONGEST_ID_SENT
}
