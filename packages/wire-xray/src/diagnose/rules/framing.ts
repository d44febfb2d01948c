import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { ms, seen, theEnd } from '../seen.ts'

/** Content that is looked at for what it is. */
const LOOKED_AT = 1024
/** Milliseconds in which what is there already is sent: longer, and somebody collected it. */
const AT_HAND = 500

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
