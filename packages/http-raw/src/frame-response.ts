import type { BodyEncoder, TransferCoding } from './body.ts'
import { createDiscardingEncoder, createIdentityEncoder } from './body-encoder.ts'
import { isTunnel } from './body-length.ts'
import type { Fields } from './fields.ts'
import { type HttpVersion, isStatus, type RequestHead } from './head.ts'
import { dateLine } from './http-date.ts'
import { persists } from './persistence.ts'
import { statusLine } from './status.ts'

/** What a handler wants to say. */
export interface Answer {
  readonly status: number
  readonly fields: Fields
  /** How many bytes its body has, if all of it is known already. */
  readonly size: number | undefined
}

/** What we are, and what we can do. */
export interface Framer {
  readonly version: HttpVersion
  readonly transferCodings: readonly TransferCoding[]
}

/** How that is said on the wire. */
export interface FramedResponse {
  /** Up to and including the blank line. */
  readonly head: string
  /** `open`: more may be written. `whole`: the content follows. `absent`: none does. `tunnel`: HTTP ends here. */
  readonly body: 'open' | 'whole' | 'absent' | 'tunnel'
  /** For a body that is open. */
  readonly encoder: BodyEncoder | undefined
  /** Whether the connection can carry another exchange. */
  readonly persists: boolean
}

interface Framing {
  /** The field line that says so. */
  readonly line: string
  readonly body: FramedResponse['body']
  readonly encoder?: BodyEncoder
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
  framer: Framer,
): FramedResponse {
  checkAnswer(answer)
  const { status, fields } = answer
  if (isTunnel(status, request?.method ?? 'GET')) return frameTunnel(answer, request, framer)

  const { line, encoder, body, delimited } = chooseFraming(answer, request, framer)
  const closes = fields.has('connection') && fields.list('connection').includes('close')
  const stays = mayPersist && delimited && !closes && request !== undefined && mayFollow(request)
  let lines = line
  if (!stays && !closes) lines += 'Connection: close\r\n'
  else if (stays && (framer.version === '1.0' || request.version === '1.0')) lines += 'Connection: keep-alive\r\n'
  // RFC 9110 §6.6.1: an origin server with a clock MUST say what it shows.
  if (!fields.has('date')) lines += dateLine()
  return { head: headOf(framer.version, status, fields, lines), persists: stays, body, encoder }
}

/**
 * Whether the client may send another request behind this one. Behind a CONNECT that was refused it may not: it could
 * have sent the first bytes for its tunnel already, and they would be read as requests (RFC 9931).
 */
function mayFollow(request: RequestHead): boolean {
  return request.method !== 'CONNECT' && persists(request)
}

/** The head of a 1xx, which has no body and says nothing about the connection (RFC 9110 §15.2). */
export function frameInterim(status: number, fields: Fields, version: HttpVersion): string {
  if (!isStatus(status)) throw notAStatus(status)
  return headOf(version, status, fields, '')
}

/** `fields` have been checked, and `lines` are ours. */
function headOf(version: HttpVersion, status: number, fields: Fields, lines: string): string {
  return `${statusLine(version, status)}${fields}${lines}\r\n`
}

function frameTunnel(
  { status, fields, size }: Answer,
  request: RequestHead | undefined,
  { version }: Framer,
): FramedResponse {
  if (size) throw new TypeError(`a response with status ${status} has no body here`)
  // RFC 9110 §7.8: MUST NOT switch to what was not offered, and HTTP/1.0 cannot offer.
  if (status === 101 && (request?.version === '1.0' || !request?.fields.has('upgrade'))) {
    throw new TypeError('the client has offered no other protocol (RFC 9110 §7.8)')
  }
  return { head: headOf(version, status, fields, ''), body: 'tunnel', encoder: undefined, persists: false }
}

function checkAnswer({ status, fields, size = 0 }: Answer): void {
  if (!isStatus(status)) throw notAStatus(status)
  if (fields.has('transfer-encoding')) throw new TypeError('Transfer-Encoding is chosen here: plug a coding in')
  if (status === 204 && (size > 0 || fields.has('content-length'))) {
    throw new TypeError('a 204 has neither a body nor a Content-Length (RFC 9110 §8.6)')
  }
}

function notAStatus(status: number): RangeError {
  return new RangeError(`a status is a whole number from 100 to 999, not ${status}`)
}

function chooseFraming(answer: Answer, request: RequestHead | undefined, { transferCodings }: Framer): Framing {
  const { status, fields, size } = answer
  if (status === 204) return { line: '', body: 'absent', delimited: true }
  if (status === 304 || request?.method === 'HEAD') return frameAbsentBody(answer)
  const length = declaredLength(fields)
  if (size !== undefined) {
    if (length !== undefined && length !== size) {
      throw new TypeError(`Content-Length is ${length}, the body has ${size} bytes`)
    }
    return { line: length === undefined ? lengthLine(size) : '', body: 'whole', delimited: true }
  }
  if (length !== undefined) return { line: '', encoder: createIdentityEncoder(length), body: 'open', delimited: true }
  const coding = request?.version === '1.1' ? transferCodings[0] : undefined
  if (!coding) return { line: '', encoder: createIdentityEncoder(), body: 'open', delimited: false }
  const line = `Transfer-Encoding: ${coding.name}\r\n`
  return { line, encoder: coding.createEncoder(), body: 'open', delimited: true }
}

/** RFC 9110 §8.6: the length that the same answer would have to a GET may be told, and need not. */
function frameAbsentBody({ status, fields, size }: Answer): Framing {
  const told = declaredLength(fields) !== undefined
  const line = size !== undefined && status !== 304 && !told ? lengthLine(size) : ''
  if (size !== undefined || status === 304) return { line, body: 'absent', delimited: true }
  return { line, encoder: createDiscardingEncoder(), body: 'open', delimited: true }
}

function lengthLine(length: number): string {
  return `Content-Length: ${length}\r\n`
}

/** The Content-Length a handler has set itself, to write a body piece by piece. */
function declaredLength(fields: Fields): number | undefined {
  if (!fields.has('content-length')) return undefined
  const values = fields.all('content-length')
  const length = Number(values[0])
  if (values.length === 1 && /^\d+$/.test(values[0] ?? '') && Number.isSafeInteger(length)) return length
  throw new TypeError('Content-Length is not one number')
}
