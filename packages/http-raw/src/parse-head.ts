import { HttpError } from './errors.ts'
import { Fields } from './fields.ts'
import { FIELD_VALUE, isWhitespace, TOKEN, trimWhitespace } from './grammar.ts'
import type { HttpVersion, RequestHead, ResponseHead } from './head.ts'
import { isHost, targetForm } from './request-target.ts'

export type RequestLine = Omit<RequestHead, 'fields'>
export type StatusLine = Omit<ResponseHead, 'fields'>

/** Parses a request head: everything up to the blank line, which may be left out. Throws {@link HttpError}. */
export function parseRequestHead(text: string): RequestHead {
  const { startLine, fieldLines } = splitHead(text)
  return requestHead(parseRequestLine(startLine), fieldLines)
}

/** Parses a response head: everything up to the blank line, which may be left out. Throws {@link HttpError}. */
export function parseResponseHead(text: string): ResponseHead {
  const { startLine, fieldLines } = splitHead(text)
  return responseHead(parseStatusLine(startLine), fieldLines)
}

/** `request-line = method SP request-target SP HTTP-version` (RFC 9112 §3), with single blanks and nothing else. */
export function parseRequestLine(line: string): RequestLine {
  const parts = line.split(' ')
  const [method = '', target = '', version = ''] = parts
  if (parts.length !== 3) throw badStartLine(`a request line has three parts, this one has ${parts.length}`)
  if (!TOKEN.test(method)) throw badStartLine('the method is not a token')
  const common = parseVersion(version)
  if (!targetForm(method, target)) throw badStartLine(`the request-target is not one that ${method} may have`)
  return { method, target, version: common }
}

/** `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 §4). */
export function parseStatusLine(line: string): StatusLine {
  // More forgiving than the grammar: the SP after the code may be missing when there is no phrase, as it often is.
  const match = /^(\S+) ([1-9]\d\d)(?: (.*))?$/s.exec(line)
  if (!match) throw badStartLine('not a status line')
  const [, version = '', status = '', reason = ''] = match
  if (!FIELD_VALUE.test(reason)) throw badStartLine('a control character in the reason phrase')
  return { version: parseVersion(version), status: Number(status), reason }
}

/** A request line and its field lines together. Folded lines are refused (RFC 9112 §5.2). */
export function requestHead(line: RequestLine, fieldLines: readonly string[]): RequestHead {
  if (fieldLines.some((fieldLine) => isWhitespace(fieldLine, 0))) throw badField('a folded field line')
  const fields = Fields.parse(fieldLines)
  checkHost(fields, line.version)
  return { ...line, fields }
}

/** A status line and its field lines together. A fold is replaced by SP, as a user agent MUST (RFC 9112 §5.2). */
export function responseHead(line: StatusLine, fieldLines: readonly string[]): ResponseHead {
  const unfolded: string[] = []
  for (const fieldLine of fieldLines) {
    if (!isWhitespace(fieldLine, 0)) unfolded.push(fieldLine)
    else if (unfolded.length === 0)
      throw badField('a blank before the first field') // RFC 9112 §2.2
    else unfolded.push(`${trimWhitespace(unfolded.pop() ?? '')} ${trimWhitespace(fieldLine)}`)
  }
  return { ...line, fields: Fields.parse(unfolded) }
}

/** RFC 9112 §3.2: not missing in HTTP/1.1, never twice, always valid. Two readers of two Hosts serve two sites. */
function checkHost(fields: Fields, version: HttpVersion): void {
  const hosts = fields.all('host')
  if (hosts.length > 1) throw badField('more than one Host')
  if (hosts.length === 0 && version === '1.1') throw badField('an HTTP/1.1 request without Host')
  if (!hosts.every(isHost)) throw badField('Host is not a host and port')
}

/** `HTTP-version = "HTTP/" DIGIT "." DIGIT`, case-sensitive (RFC 9112 §2.3). */
function parseVersion(text: string): HttpVersion {
  if (!/^HTTP\/\d\.\d$/.test(text)) throw badStartLine('not an HTTP version')
  if (!text.startsWith('HTTP/1.')) {
    throw new HttpError('HTTP_UNSUPPORTED_VERSION', `${text} is not HTTP/1.x`, { status: 505 })
  }
  return text === 'HTTP/1.0' ? '1.0' : '1.1'
}

function splitHead(text: string): { startLine: string; fieldLines: string[] } {
  const [startLine = '', ...fieldLines] = text.replace(/(?:\r\n){1,2}$/, '').split('\r\n')
  return { startLine, fieldLines }
}

function badStartLine(why: string): HttpError {
  return new HttpError('HTTP_BAD_START_LINE', why)
}

function badField(why: string): HttpError {
  return new HttpError('HTTP_BAD_FIELD', why)
}
