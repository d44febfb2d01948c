import { type Name, nameOf, type Put } from './name.ts'

const LF = 10
const CR = 13
const HTAB = 9
const SP = 32
const COLON = 58

/** `method SP request-target SP HTTP-version` (RFC 9112 §3). */
export const REQUEST_LINE: readonly string[] = ['method', 'request-target', 'http-version']

/** `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 §4). */
export const STATUS_LINE: readonly string[] = ['http-version', 'status-code', 'reason-phrase']

/** Names the bytes inside the lines of a head, or of a trailer section when there is no start line. */
export interface HeadGrammar {
  /** The name of the next byte. */
  name(byte: number): Name
  /** Names the bytes from `from` to `to`. */
  take(bytes: Uint8Array, from: number, to: number, put: Put): void
}

/**
 * Names the bytes inside the lines of a head, or of a trailer section when there is no start line (RFC 9112 §2.1, §5).
 *
 * It judges nothing: the decoder does that. A name depends only on the bytes before it, so whitespace at the end of a
 * field value counts as value: that it was the end shows too late.
 */
export function createHeadGrammar(startLine?: readonly string[]): HeadGrammar {
  const layer = startLine ? 'http' : 'chunked'
  const name = (element: string) => nameOf(layer, element)
  const start = (startLine ?? []).map(name)
  const [fieldName, colon, ows, fieldValue] = [name('field-name'), name('colon'), name('ows'), name('field-value')]
  const [obsFold, crlf, blankLine] = [name('obs-fold'), name('crlf'), name('blank-line')]
  const emptyLine = startLine ? name('empty-line') : blankLine
  const sp = startLine ? name('sp') : ows
  const first = startLine ? startPart : fieldPart
  let line = first
  let part: Name | undefined // of the current line; undefined at its first byte
  let lineEnd: Name | undefined // what the CR just seen belongs to

  function startPart(byte: number): Name {
    part ??= start[0] as Name
    const next = byte === SP ? start[start.indexOf(part) + 1] : undefined
    if (next === undefined) return part
    part = next
    return sp
  }

  function fieldPart(byte: number): Name {
    const space = byte === SP || byte === HTAB
    if (part === undefined) part = space ? obsFold : fieldName
    if (part === fieldName && byte === COLON) {
      part = ows
      return colon
    }
    if ((part === ows || part === obsFold) && !space) part = fieldValue
    return part
  }

  function endOfLine(): Name {
    if (part !== undefined) return crlf
    return line === startPart ? emptyLine : blankLine // RFC 9112 §2.2: empty lines may come before a request
  }

  function nameNext(byte: number): Name {
    if (byte !== CR && byte !== LF) {
      lineEnd = undefined
      return line(byte)
    }
    const name = lineEnd ?? endOfLine()
    lineEnd = byte === CR ? name : undefined
    if (byte === LF) {
      part = undefined
      if (name === crlf) line = fieldPart
      if (name === blankLine) line = first // behind an interim response comes another head
    }
    return name
  }

  return {
    name: nameNext,
    take(bytes, from, to, put) {
      for (let at = from; at < to; at++) put(nameNext(bytes[at] as number), 1)
    },
  }
}
