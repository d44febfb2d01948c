import { Fields, type RequestHead, type ResponseHead } from '@sse-from-scratch/http-raw'
import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import type { Exchange, Message, TimedPiece } from './exchange.ts'
import { exchangesIn } from './exchanges.ts'
import { eventsIn, isEventStream, sizeOf, textOf, utf8Of } from './har-content.ts'
import type { Har, HarContent, HarEntry, HarNameValue } from './har-format.ts'
import { plainPieces } from './plain-body.ts'

/**
 * The recording as an HTTP Archive (HAR 1.2), for the network panels of browsers and the tools that read what they save.
 *
 * Two things HAR has no place for are there with an underscore: `_eventSourceMessages`, each event with its time, as
 * browsers write them; and `_xray`, the reads of the exchange, and how it ended.
 */
export async function toHar(recording: Recording): Promise<Har> {
  const entries = await Promise.all(exchangesIn(recording).map((exchange) => entryOf(exchange, recording)))
  return { log: { version: '1.2', creator: { name: 'xray', version: '1' }, entries } }
}

async function entryOf(exchange: Exchange, { head: { startedAt, target } }: Recording): Promise<HarEntry> {
  const { connection, request, response, reads, failure } = exchange
  const start = Date.parse(startedAt) || 0
  const send = request.endedAt - request.beganAt
  const wait = Math.max((response?.beganAt ?? request.endedAt) - request.endedAt, 0)
  const receive = response ? response.endedAt - response.beganAt : 0
  const plain = response && (await plainPieces(response.pieces, response.head?.fields ?? new Fields()))
  const messages = response?.head && plain && isEventStream(response.head) ? eventsIn(plain, start) : undefined
  return {
    startedDateTime: new Date(start + request.beganAt).toISOString(),
    time: send + wait + receive,
    request: requestOf(request, target),
    response: responseOf(response, plain),
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, send, wait, receive, ssl: -1 },
    connection: String(connection),
    ...(messages && { _eventSourceMessages: messages }),
    _xray: {
      reads: reads.map(({ at, direction, size }) => ({ t: at, d: direction, n: size })),
      end: response?.end ?? 'open',
      ...(failure !== undefined && { failure }),
    },
  }
}

function requestOf(message: Message<RequestHead>, target: string): HarEntry['request'] {
  const { method, target: path, version, fields } = message.head as RequestHead
  const url = path.startsWith('/') ? `${target}${path}` : path
  const body = sizeOf(message.pieces)
  return {
    method,
    url,
    httpVersion: `HTTP/${version}`,
    cookies: [],
    headers: headersOf(fields),
    queryString: queryOf(path),
    headersSize: headSizeOf(message, body),
    bodySize: body,
    ...(body > 0 && { postData: { mimeType: fields.get('content-type') ?? '', text: textOf(message.pieces) } }),
  }
}

/** An exchange without an answer has the status 0, as browsers write it. */
function responseOf(
  message: Message<ResponseHead> | undefined,
  plain: readonly TimedPiece[] | undefined,
): HarEntry['response'] {
  const head = message?.head
  const body = message ? sizeOf(message.pieces) : 0
  return {
    status: head?.status ?? 0,
    statusText: head?.reason ?? '',
    httpVersion: head ? `HTTP/${head.version}` : '',
    cookies: [],
    headers: head ? headersOf(head.fields) : [],
    content: contentOf(head, message?.pieces ?? [], plain),
    redirectURL: head?.fields.get('location') ?? '',
    headersSize: message?.head ? headSizeOf(message, body) : -1,
    bodySize: message ? body : -1,
  }
}

function contentOf(
  head: ResponseHead | undefined,
  pieces: readonly TimedPiece[],
  plain: readonly TimedPiece[] | undefined,
): HarContent {
  const mimeType = head?.fields.get('content-type') ?? 'x-unknown'
  const size = sizeOf(plain ?? pieces)
  const compression = plain ? { compression: size - sizeOf(pieces) } : {}
  const text = plain && utf8Of(plain)
  if (text !== undefined) return { size, mimeType, text, ...compression }
  return { size, mimeType, text: btoa(textOf(plain ?? pieces)), encoding: 'base64', ...compression }
}

/** Not known to a byte once the framing is off: -1, as the format has it. */
function headSizeOf(message: Message<unknown>, body: number): number {
  return body === 0 && message.end === 'complete' ? message.wireSize : -1
}

function headersOf(fields: Fields): readonly HarNameValue[] {
  return [...fields].map(([name, value]) => ({ name, value }))
}

function queryOf(target: string): readonly HarNameValue[] {
  const query = target.indexOf('?')
  if (query === -1) return []
  return [...new URLSearchParams(target.slice(query))].map(([name, value]) => ({ name, value }))
}
