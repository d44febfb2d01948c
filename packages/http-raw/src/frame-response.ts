import type { BodyEncoder, TransferCoding } from './body.ts'
import { isTunnel } from './body-length.ts'
import { chooseFraming } from './choose-framing.ts'
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
