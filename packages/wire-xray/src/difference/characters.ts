import type { Explanation } from './difference.ts'
import { contentOf } from './lengths.ts'

const utf8 = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const isText = (bytes: Uint8Array) => !utf8(bytes).includes('\ufffd')
const bytesOf = (text: string) => new TextEncoder().encode(text)
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at])

/** What goes wrong between characters and bytes, wherever it happens. */
export const CHARACTERS: readonly Explanation[] = [
  ({ got }) => (got.bytes.length === 0 ? 'Nothing was written.' : undefined),

  ({ missing, instead }) => {
    const letter = /^\\([rnt])/.exec(instead)?.[1]
    if (letter === undefined || !/^[\r\n\t]/.test(missing)) return undefined
    const name = { r: 'CR', n: 'LF', t: 'HTAB' }[letter]
    return `The two characters \\ and ${letter} are not a ${name}: the escape was written down instead of meant.`
  },

  ({ expected, got }) =>
    /^\xef\xbb\xbf/.test(got.text) && !/^\xef\xbb\xbf/.test(expected.text)
      ? 'It begins with a byte order mark (EF BB BF). An event stream may; nothing else here does.'
      : undefined,

  ({ expected, got }) =>
    got.text.includes('\0') && got.text.replace(/^\xff\xfe|^\xfe\xff/, '').replaceAll('\0', '') === expected.text
      ? 'Every character takes two bytes, one of them 0: this is UTF-16. On these wires text is UTF-8.'
      : undefined,

  ({ expected, got }) =>
    same(bytesOf(expected.text), got.bytes)
      ? 'The text has been encoded to UTF-8 twice: its bytes were taken for characters (latin1) in between.'
      : undefined,

  ({ expected, got }) => {
    const text = utf8(expected.bytes)
    const isLatin1 = [...text].every((char) => char.charCodeAt(0) < 256) && text !== expected.text
    return isLatin1 && got.text === text
      ? 'Each character was written as one byte (latin1). In UTF-8, what is not ASCII takes two bytes or more.'
      : undefined
  },

  ({ as, expected, got }) => {
    const [wanted, is] = as === 'message' ? [contentOf(expected), contentOf(got)] : [expected.bytes, got.bytes]
    return !isText(wanted) && same(bytesOf(utf8(wanted)), is)
      ? 'The bytes were decoded as text and encoded again, and what is no text became U+FFFD, the replacement character (EF BF BD). They are no text: pass them on as they are.'
      : undefined
  },

  ({ missing, instead, expected }) =>
    /^\xef\xbf\xbd/.test(instead) && !/^\xef\xbf\xbd/.test(missing)
      ? `U+FFFD, the replacement character (EF BF BD): bytes were decoded that are no whole character. ${isText(expected.bytes) ? 'A read may end inside one: keep a TextDecoder and say { stream: true }.' : 'What is no text must not be decoded: pass it on as it is.'}`
      : undefined,

  ({ missing, instead }) =>
    missing > '\x7f' && /^\?/.test(instead)
      ? 'A question mark stands for a character that is not ASCII: it was encoded in a set that does not have it.'
      : undefined,

  ({ expected, got }) => {
    const [left, right] = [utf8(expected.bytes), utf8(got.bytes)]
    return left !== right && left.normalize() === right.normalize()
      ? 'The same characters, composed differently (one code point, or a letter and its accent): no two bytes need be alike.'
      : undefined
  },

  ({ missing, instead }) =>
    /^\xc2\xa0/.test(instead) && missing.startsWith(' ')
      ? 'A no-break space (C2 A0), which only looks like a space. It may have been pasted.'
      : undefined,

  ({ missing, instead }) =>
    /^\xe2\x80[\x98-\x9d]/.test(instead) && /^["']/.test(missing)
      ? 'A typographic quotation mark. It may have been pasted: programs mean the straight one.'
      : undefined,
]
