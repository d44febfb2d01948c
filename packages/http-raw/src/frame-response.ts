import type { BodyEncoder } from './body.ts'
import { createDiscardingEncoder, createIdentityEncoder } from './body-encoder.ts'
import { isTunnel } from './body-length.ts'
import { Fields, type FieldsInit } from './fields.ts'
import { isStatus, type RequestHead, type ResponseHead } from './head.ts'
import { httpDate } from './http-date.ts'
import { type HttpOptions, ownVersion } from './options.ts'
import { persists } from './persistence.ts'
import { reasonPhrase } from './status.ts'

/** What a handler wants to say. */
export interface Answer {
  readonly status: number
  readonly fields: Fields
  /** The whole body, if it is known already. */
  readonly content: Uint8Array | undefined
}

/** How that is said on the wire. */
export interface FramedResponse {
  readonly head: ResponseHead
  readonly encoder: BodyEncoder
  /** `open`: more may be written. `whole`: nothing more comes. `tunnel`: HTTP ends here. */
  readonly body: 'open' | 'whole' | 'tunnel'
  /** Whether the connection can carry another exchange. */
  readonly persists: boolean
}

interface Framing {
  readonly fields: Fields
  readonly encoder: BodyEncoder
  readonly body: 'open' | 'whole'
  /** Whether the end can be told without closing the connection. */
  readonly delimited: boolean
}

/**
 * Chooses the framing of a response (RFC 9112 §6) and decides about the connection (§9.3). Throws `TypeError` or
 * `RangeError` for an answer that cannot be sent. `request` is missing when it could not be read.
 */
export function frameResponse(
  answer: Answer,
  request: RequestHead | undefined,
  mayPersist: boolean,
  options: HttpOptions,
): FramedResponse {
  checkAnswer(answer)
  const version = ownVersion(options)
  const { status } = answer
  if (isTunnel(status, request?.method ?? 'GET')) return frameTunnel(answer, version)

  const framing = chooseFraming(answer, request, options)
  const closes = answer.fields.list('connection').includes('close')
  const stays = mayPersist && framing.delimited && !closes && request !== undefined && persists(request)
  let { fields } = framing
  if (!stays && !closes) fields = fields.with('Connection', 'close')
  else if (stays && (version === '1.0' || request.version === '1.0')) fields = fields.with('Connection', 'keep-alive')
  // RFC 9110 §6.6.1: an origin server with a clock MUST say what it shows.
  if (!fields.has('date')) fields = fields.with('Date', httpDate())
  const head = { version, status, reason: reasonPhrase(status), fields }
  return { head, encoder: framing.encoder, body: framing.body, persists: stays }
}

/** A 1xx, which has no body and says nothing about the connection (RFC 9110 §15.2). */
export function frameInterim(status: number, init: FieldsInit, options: HttpOptions): ResponseHead {
  return { version: ownVersion(options), status, reason: reasonPhrase(status), fields: new Fields(init) }
}

function frameTunnel({ status, fields, content }: Answer, version: ResponseHead['version']): FramedResponse {
  if (content && content.length > 0) throw new TypeError(`a response with status ${status} has no body here`)
  const head = { version, status, reason: reasonPhrase(status), fields }
  return { head, encoder: createDiscardingEncoder(), body: 'tunnel', persists: false }
}

function checkAnswer({ status, fields, content }: Answer): void {
  if (!isStatus(status)) throw new RangeError(`a status is a whole number from 100 to 999, not ${status}`)
  if (fields.has('transfer-encoding')) throw new TypeError('Transfer-Encoding is chosen here: plug a coding in')
  if (status === 204 && ((content?.length ?? 0) > 0 || fields.has('content-length'))) {
    throw new TypeError('a 204 has neither a body nor a Content-Length (RFC 9110 §8.6)')
  }
}

function chooseFraming(answer: Answer, request: RequestHead | undefined, options: HttpOptions): Framing {
  const { status, fields, content } = answer
  if (status === 204) return { fields, encoder: createDiscardingEncoder(), body: 'whole', delimited: true }
  if (status === 304 || request?.method === 'HEAD') return frameAbsentBody(answer)
  const length = declaredLength(fields)
  if (content) {
    if (length !== undefined && length !== content.length) {
      throw new TypeError(`Content-Length is ${length}, the body has ${content.length} bytes`)
    }
    const sized = length === undefined ? fields.with('Content-Length', `${content.length}`) : fields
    return { fields: sized, encoder: createIdentityEncoder(content.length), body: 'whole', delimited: true }
  }
  if (length !== undefined) return { fields, encoder: createIdentityEncoder(length), body: 'open', delimited: true }
  const coding = request?.version === '1.1' ? options.transferCodings?.[0] : undefined
  if (!coding) return { fields, encoder: createIdentityEncoder(), body: 'open', delimited: false }
  const coded = fields.with('Transfer-Encoding', coding.name)
  return { fields: coded, encoder: coding.createEncoder(), body: 'open', delimited: true }
}

/** RFC 9110 §8.6: the length that the same answer would have to a GET may be told, and need not. */
function frameAbsentBody({ status, fields, content }: Answer): Framing {
  declaredLength(fields)
  const tell = content && status !== 304 && !fields.has('content-length')
  return {
    fields: tell ? fields.with('Content-Length', `${content.length}`) : fields,
    encoder: createDiscardingEncoder(),
    body: content || status === 304 ? 'whole' : 'open',
    delimited: true,
  }
}

/** The Content-Length a handler has set itself, to write a body piece by piece. */
function declaredLength(fields: Fields): number | undefined {
  const values = fields.all('content-length')
  if (values.length === 0) return undefined
  const length = Number(values[0])
  if (values.length === 1 && /^\d+$/.test(values[0] ?? '') && Number.isSafeInteger(length)) return length
  throw new TypeError('Content-Length is not one number')
}
