import type { Difference, Explanation, Version } from './difference.ts'
import { glyph } from './glyph.ts'

/** What goes wrong in a start line (RFC 9112 §3, §4). */
export const START_LINES: readonly Explanation[] = [
  ({ wanted, missing, instead }) =>
    wanted?.layer === 'http' && instead.startsWith(' ') && !missing.startsWith(' ') && isStart(wanted.element)
      ? 'One space comes between the parts of a start line, not more (RFC 9112 §3).'
      : undefined,
  inElement('method', ({ missing, instead }) =>
    missing.toLowerCase()[0] === instead.toLowerCase()[0]
      ? 'Methods are case-sensitive, and those everybody knows are upper case (RFC 9110 §9.1).'
      : undefined,
  ),
  inElement('request-target', ({ expected, got }) => {
    const [wanted, target] = [targetOf(expected), targetOf(got)]
    if (/^https?:\/\//i.test(target))
      return 'The whole URL goes to proxies only. A server gets the path and query of it; the host goes into the Host field (RFC 9112 §3.2).'
    if (target === '' || target === '?' || !/^[/*]/.test(target))
      return 'A request-target begins with `/`, also when the URL has no path (RFC 9112 §3.2.1).'
    if (target.includes('#')) return 'The fragment of a URL is never sent: it is for the browser (RFC 9112 §3.2).'
    if (decoded(target) === decoded(wanted))
      return 'The same path, but percent-encoded differently: a server sees another name.'
    return undefined
  }),
  inElement('http-version', ({ missing, instead, got }) => {
    if (/^http/.test(got.text.slice(got.text.indexOf(' ') + 1)) || /^h/.test(instead))
      return 'HTTP-version is case-sensitive: HTTP, in capitals (RFC 9112 §2.3).'
    if (missing.startsWith('1') && /^0/.test(instead))
      return 'HTTP/1.0 has no chunked bodies, and closes the connection after each response.'
    if (/^2/.test(instead)) return 'HTTP/2 is not written in lines: this would be refused (RFC 9113 §3.4).'
    if (/^[\r\n]/.test(instead))
      return 'The HTTP-version is missing: without it this is HTTP/0.9, which nobody speaks any more.'
    return undefined
  }),
  inElement('status-code', ({ missing, instead }) =>
    missing.startsWith(' ') && /^[\r\n]/.test(instead)
      ? 'The space behind the status-code is missing. It has to be there also when no reason-phrase follows (RFC 9112 §4).'
      : undefined,
  ),
  inElement('reason-phrase', () => 'The reason-phrase is for people: no software reads it (RFC 9112 §4).'),
]

/** What goes wrong in a header or trailer section (RFC 9112 §5). */
export const FIELDS: readonly Explanation[] = [
  (difference) => {
    const { wanted, instead } = difference
    if (wanted?.element !== 'blank-line' || wanted.layer === 'sse') return undefined
    if (instead === '')
      return 'The empty line behind the fields is missing: the head has not ended, and the receiver goes on waiting.'
    if (/^[\r\n]/.test(instead)) return undefined
    const more = /^([!#-'*+.^-z|~\w-]+):/.exec(instead)?.[1]
    return more
      ? `There is a field more than expected: ${more}.`
      : `No empty line between the fields and the body: the receiver takes ${glyph(instead)} for the beginning of a field and refuses the head.`
  },

  ({ wanted, instead, missing, at, got }) => {
    if (wanted?.element !== 'field-name' || wanted.layer === 'sse') return undefined
    if (missing.startsWith(':') && /^[ \t]+:/.test(instead))
      return 'A space before the colon: refused, because some programs would see a field of another name (RFC 9112 §5.1).'
    if (missing.startsWith(':')) return `No colon behind the field name: ${glyph(instead)} is taken for a part of it.`
    if (/^[ \t]/.test(instead) && at === wanted.start)
      return 'A line that begins with a space continues the value of the field before it (obsolete, refused: RFC 9112 §5.2).'
    if (/^ /.test(missing) && got.text[at - 1] === ':')
      return 'The space behind the colon is optional: it means the same (RFC 9112 §5). But it is not what was asked for.'
    if (/^\r\n/.test(instead) && at === wanted.start && got.text.includes(missing.slice(0, missing.indexOf(':') + 1)))
      return 'The head ends here, so the fields that should follow are taken for the body.'
    return undefined
  },

  (difference) => (isField(difference) ? fieldsInWords(difference) : undefined),

  ({ wanted, instead, missing }) =>
    wanted?.element === 'field-value' && wanted.layer === 'http' && /^[ \t]/.test(instead) && /^\r/.test(missing)
      ? 'Spaces behind a value are not part of it (RFC 9110 §5.5): it means the same.'
      : undefined,

  (difference) => {
    const { wanted, expected, got } = difference
    if (wanted?.element !== 'field-value' || wanted.layer !== 'http') return undefined
    const line = expected.text.lastIndexOf('\n', wanted.start - 1) + 1
    const name = /^[^:]*/.exec(expected.text.slice(line))?.[0] ?? ''
    if (name.toLowerCase() === 'content-length')
      return lengthInWords(valueAt(expected, line), valueAt(got, line), expected)
    if (name.toLowerCase() === 'content-type')
      return 'The media type says how to read the body: with another one, an EventSource refuses the stream.'
    return `The value of ${name} is another one.`
  },
]

/** What goes wrong with the content of a message. */
export const BODIES: readonly Explanation[] = [
  ({ wanted, expected, got, instead, missing, as }) => {
    if (wanted?.element !== 'message-body' && !(as === 'message' && missing === '')) return undefined
    const length = /^content-length:[ \t]*(\d+)/im.exec(expected.text)?.[1]
    if (length === undefined) return undefined
    const [want, have] = [Number(length), got.text.length - (expected.text.length - Number(length))]
    if (instead === '')
      return `The body has ${have} bytes, but Content-Length announces ${want}: the receiver goes on waiting for ${want - have} more.`
    if (missing === '')
      return `The body has ${have} bytes, but Content-Length announces ${want}: the receiver takes the rest for the beginning of the next message.`
    return undefined
  },
]

function inElement(element: string, explain: Explanation): Explanation {
  return (difference) =>
    difference.wanted?.layer === 'http' && difference.wanted.element === element ? explain(difference) : undefined
}

function isStart(element: string): boolean {
  return ['method', 'request-target', 'http-version', 'status-code', 'reason-phrase'].includes(element)
}

function targetOf({ text }: Version): string {
  return /^\S+ ([^ \r\n]*)/.exec(text)?.[1] ?? ''
}

function decoded(target: string): string {
  return target.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function isField({ wanted, as }: Difference): boolean {
  return (as === 'message' || as === 'chunked-body') && wanted?.element === 'field-name'
}

/** Which field is missing, or too many, or only elsewhere. */
function fieldsInWords({ expected, got }: Difference): string | undefined {
  const [wanted, present] = [fieldNames(expected), fieldNames(got)]
  const missing = wanted.filter((name) => !present.includes(name))
  const extra = present.filter((name) => !wanted.includes(name))
  if (missing.length > 0 && extra.length > 0) return `The field ${missing[0]} is missing; in its place is ${extra[0]}.`
  if (missing.includes('host')) return 'The Host field is missing: a server answers 400 (RFC 9112 §3.2).'
  if (missing.length > 0) return `The field ${missing[0]} is missing.`
  if (extra.length > 0) return `There is a field more than expected: ${extra[0]}.`
  if (present.length > wanted.length) return 'A field comes twice.'
  if (wanted.join() !== present.join())
    return 'The same fields in another order, which means the same; but the bytes are others.'
  return 'The same name in other letters: field names have no case (RFC 9110 §5.1), so it means the same.'
}

function fieldNames({ text }: Version): string[] {
  const [head = ''] = text.split('\r\n\r\n')
  return [...head.matchAll(/^([^\s:]+)[ \t]*:/gm)].map(([, name = '']) => name.toLowerCase())
}

function valueAt({ text }: Version, line: number): string {
  return /^[^:]*:[ \t]*([^\r\n]*)/.exec(text.slice(line))?.[1]?.trim() ?? ''
}

function lengthInWords(wanted: string, written: string, { bytes, text }: Version): string {
  const body = new TextDecoder().decode(bytes.subarray(text.indexOf('\r\n\r\n') + 4))
  if (!/^\d+$/.test(written))
    return 'Content-Length is a number of bytes in decimal digits, and nothing else (RFC 9110 §8.6).'
  if (Number(written) === Number(wanted)) return 'The same length, written differently.'
  if (Number(written) === body.length || Number(written) === [...body].length) {
    return `The length was counted in characters: ${written}. Content-Length counts bytes, and the text takes ${wanted} of them in UTF-8.`
  }
  if (written === Number(wanted).toString(16)) return `Content-Length is decimal; only a chunk-size is hexadecimal.`
  return Number(written) < Number(wanted)
    ? `Content-Length is too small: the receiver takes ${Number(wanted) - Number(written)} bytes of the body for the beginning of the next message.`
    : `Content-Length is too large: the receiver goes on waiting for ${Number(written) - Number(wanted)} bytes that never come.`
}
