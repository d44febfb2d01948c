import type { Difference, Explanation, Version } from './difference.ts'
import { glyph } from './glyph.ts'
import { lengthInWords } from './lengths.ts'
import { isRefusedFrom, verdictOn } from './verdict.ts'

/** What a field name is made of (RFC 9110 §5.6.2). */
const TOKEN_CHARACTER = /^[!#-'*+.^-z|~\w-]/

/** What goes wrong in a header or trailer section (RFC 9112 §5). */
export const FIELDS: readonly Explanation[] = [
  (difference) => {
    const { wanted, missing, instead, got, at } = difference
    if (wanted?.element !== 'blank-line' || wanted.layer === 'sse' || missing === '') return undefined
    if (instead === '' && verdictOn(got).kind === 'waiting')
      return 'The empty line behind the fields is missing: the head has not ended, and the receiver goes on waiting.'
    if (/^[\r\n]/.test(instead) || got.text[at - 1] === '\r' || instead === '') return undefined
    const more = /^([!#-'*+.^-z|~\w-]+):/.exec(instead)?.[1]
    if (more) return `There is a field more than expected: ${more}.`
    const place = wanted.layer === 'chunked' ? 'behind the last chunk' : 'between the fields and the body'
    const fate = isRefusedFrom(got, at) ? 'refuses the message' : 'goes on waiting for the end of its line'
    return `No empty line ${place}: the receiver takes ${glyph(instead)} for the beginning of a field and ${fate}.`
  },

  ({ wanted, instead, missing, at, got }) => {
    if (wanted?.element !== 'field-name' || wanted.layer === 'sse') return undefined
    if (missing.startsWith(':') && /^[ \t]+:/.test(instead))
      return isRefusedFrom(got, at)
        ? 'A space before the colon: refused, because some programs would see a field of another name (RFC 9112 §5.1).'
        : 'A space before the colon: some programs would see a field of another name (RFC 9112 §5.1).'
    if (missing.startsWith(':'))
      return TOKEN_CHARACTER.test(instead)
        ? `No colon behind the field name: ${glyph(instead)} is taken for a part of it.`
        : `No colon behind the field name: here comes ${glyph(instead)}.`
    if (/^[ \t]/.test(instead) && at === wanted.start)
      return isRefusedFrom(got, at)
        ? 'A line that begins with a space continues the value of the field before it (obsolete, refused: RFC 9112 §5.2).'
        : 'A line that begins with a space continues the value of the field before it (obsolete: RFC 9112 §5.2).'
    if (/^ /.test(missing) && got.text[at - 1] === ':')
      return 'The space behind the colon is optional: it means the same (RFC 9112 §5). But it is not what was asked for.'
    if (/^\r\n/.test(instead) && at === wanted.start && got.text.includes(missing.slice(0, missing.indexOf(':') + 1)))
      return wanted.layer === 'http'
        ? 'The head ends here, so the fields that should follow are taken for the body.'
        : 'The trailer section ends here, and the body with it: the receiver takes the fields that should follow for the next message.'
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
      return lengthInWords(valueAt(expected, line), valueAt(got, line), expected, got)
    if (name.toLowerCase() === 'content-type')
      return 'The media type says how to read the body: with another one, an EventSource refuses the stream.'
    return `The value of ${name} is another one.`
  },
]

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
