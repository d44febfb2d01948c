import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_CACHE, fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { ms, seen, theEnd } from '../seen.ts'

/** Content that is looked at for what it is. */
const LOOKED_AT = 1024
/** Milliseconds in which what is there already is sent: longer, and somebody collected it. */
const AT_HAND = 500

/** Framing that no receiver can read on from (RFC 9112 §7.1). */
export function badChunk({ exchange, found }: Look): Verdict | undefined {
  const error = found.find(({ finding }) => finding.kind === 'error' && finding.code === exchange.end.code)
  if (exchange.end.kind !== 'unreadable' || !error || !exchange.end.code?.startsWith('CHUNKED_')) return undefined
  return {
    code: 'BAD_CHUNK',
    severity: 'error',
    confidence: 'certain',
    text: `the chunks cannot be read on: ${error.finding.summary} (${exchange.end.code})`,
    fix:
      exchange.end.code === 'CHUNKED_BAD_DELIMITER'
        ? 'A chunk-size counts bytes, and not characters. If the server is right, something on the way changed its bytes.'
        : 'A chunk-size is hexadecimal digits and CRLF. Look for who writes chunks by hand, or writes into the stream besides.',
    evidence: [seen(error)],
  }
}

/** A head, or what there is instead of one, that is no HTTP/1. */
export function badHttp({ exchange, found }: Look): Verdict | undefined {
  const { kind, code } = exchange.end
  const error = found.find(({ finding }) => finding.kind === 'error' && finding.code === code)
  if (kind !== 'unreadable' || !error || code?.startsWith('CHUNKED_')) return undefined
  return {
    code: 'BAD_HTTP',
    severity: 'error',
    confidence: 'certain',
    text: `the answer is no HTTP/1.1 from there on: ${error.finding.summary} (${code})`,
    fix: 'Look at what the server writes there (xray explain, and h in the live view).',
    evidence: [seen(error)],
  }
}

/** What looks like an event stream and does not say that it is one: an EventSource refuses it (HTML §9.2.3). */
export function wrongContentType({
  head,
  response,
  mediaType,
  isStream,
  content,
  exchange,
}: Look): Verdict | undefined {
  if (!head || response?.status !== 200 || isStream || mediaType === 'text/html' || !content) return undefined
  const text = new TextDecoder().decode(content.subarray(0, LOOKED_AT))
  const isMeant = exchange.request.fields.get('accept')?.includes('text/event-stream') === true
  if (!/^\uFEFF?(?:(?:data|event|id|retry): ?.*|:.*)(?:\r\n|\r|\n)/.test(text) || !/^data:/m.test(text))
    return undefined
  if (!isMeant && !/(?:\r\n|\r|\n){2}(?:data|event|id):/.test(text)) return undefined
  return {
    code: 'WRONG_CONTENT_TYPE',
    severity: isMeant ? 'error' : 'warn',
    confidence: 'likely',
    text: `the content is an event stream, its Content-Type is ${mediaType === '' ? 'missing' : mediaType}: an EventSource refuses it, and hops treat it as something else`,
    fix: 'Content-Type: text/event-stream',
    evidence: [seen(head)],
  }
}

/** Who knows the length of a stream has had all of it. */
export function contentLengthOnStream(look: Look): Verdict | undefined {
  const { head, response, isStream, exchange, events, reads, after } = look
  if (!isStream || !head || !response?.fields.has('content-length')) return undefined
  if (exchange.request.method === 'HEAD' || response.status !== 200) return undefined
  const last = reads.at(-1)?.at ?? head.at
  const isLate = after(head.at) > AT_HAND && last - head.at < AT_HAND && events.length > 1
  return {
    code: 'CONTENT_LENGTH_ON_STREAM',
    severity: isLate ? 'warn' : 'info',
    confidence: 'certain',
    text: `a stream with Content-Length: ${response.fields.get('content-length')}: somebody had all of it before its head was sent${isLate ? `, ${ms(after(head.at))} after the request` : ''}`,
    fix: 'A stream that is sent as it is made has no length: leave Content-Length out (and in a hop, do not collect the answer).',
    evidence: [seen(head)],
  }
}

/** A body that only the end of the connection ends: a cut and an end look the same (RFC 9112 §6.3 rule 8). */
export function closeDelimited(look: Look): Verdict | undefined {
  const { head, response, isStream, exchange } = look
  if (!isStream || !head || !response || exchange.request.method === 'HEAD' || response.status !== 200) return undefined
  if (response.fields.has('content-length') || response.fields.has('transfer-encoding')) return undefined
  return {
    code: 'CLOSE_DELIMITED',
    severity: 'info',
    confidence: 'certain',
    text: `a stream without framing (HTTP/${response.version}): if it is cut, nobody can tell`,
    fix: 'Answer HTTP/1.1 with Transfer-Encoding: chunked.\nnginx in front, before 1.29.7: proxy_http_version 1.1; proxy_set_header Connection "";',
    evidence: [seen(head), theEnd(look)],
  }
}

/** A stream that comes from a store, and not from the server. */
export function cachedStream({ head, response, isStream, hop, after }: Look): Verdict | undefined {
  if (!head || !response || !isStream) return undefined
  const { fields } = response
  const age = Number(fields.get('age') ?? 0)
  const signs = [
    ...(age > after(head.at) / 1000 + 1 ? [`Age: ${age}`] : []), // it is older than this request
    ...['x-cache', 'cf-cache-status', 'x-cache-status']
      .filter((name) => /\bhit\b/i.test(fields.get(name) ?? ''))
      .map((name) => `${name}: ${fields.get(name)?.slice(0, 40)}`),
    ...(/^\d+ \d+$/.test(fields.get('x-varnish') ?? '') ? [`X-Varnish: ${fields.get('x-varnish')}`] : []),
  ]
  if (signs.length === 0) return undefined
  return {
    code: 'CACHED_STREAM',
    severity: 'error',
    confidence: 'certain',
    text: `this stream was kept for somebody else before (${signs.join(', ')})`,
    fix: fixFor('Send Cache-Control: no-store with streams.', DO_NOT_CACHE, hop),
    evidence: [seen(head)],
  }
}
