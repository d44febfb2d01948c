const LF = 10
const CR = 13
const HTAB = 9
const SP = 32
const COLON = 58

/** `method SP request-target SP HTTP-version` (RFC 9112 §3). */
export const REQUEST_LINE: readonly string[] = ['method', 'request-target', 'http-version']

/** `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 §4). */
export const STATUS_LINE: readonly string[] = ['http-version', 'status-code', 'reason-phrase']

/**
 * Names the bytes inside the lines of a head, or of a trailer section when there is no start line (RFC 9112 §2.1, §5).
 *
 * It judges nothing: the decoder does that. A name depends only on the bytes before it, so whitespace at the end of a
 * field value counts as value: that it was the end shows too late.
 */
export function createHeadGrammar(startLine?: readonly string[]): (byte: number) => string {
  const first = startLine ? startPart : fieldPart
  let line = first
  let part: string | undefined // of the current line; undefined at its first byte
  let lineEnd: string | undefined // what the CR just seen belongs to

  function startPart(byte: number): string {
    const parts = startLine ?? []
    part ??= parts[0] as string
    const next = parts[parts.indexOf(part) + 1]
    if (byte !== SP || next === undefined) return part
    part = next
    return 'sp'
  }

  function fieldPart(byte: number): string {
    const space = byte === SP || byte === HTAB
    if (part === undefined) part = space ? 'obs-fold' : 'field-name'
    if (part === 'field-name' && byte === COLON) {
      part = 'ows'
      return 'colon'
    }
    if ((part === 'ows' || part === 'obs-fold') && !space) part = 'field-value'
    return part
  }

  function endOfLine(): string {
    if (part !== undefined) return 'crlf'
    return line === startPart ? 'empty-line' : 'blank-line' // RFC 9112 §2.2: empty lines may come before a request
  }

  return (byte) => {
    if (byte !== CR && byte !== LF) {
      lineEnd = undefined
      return line(byte)
    }
    const element = lineEnd ?? endOfLine()
    lineEnd = byte === CR ? element : undefined
    if (byte === LF) {
      part = undefined
      if (element === 'crlf') line = fieldPart
      if (element === 'blank-line') line = first // behind an interim response comes another head
    }
    return element
  }
}
