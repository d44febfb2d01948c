import type { Difference, Explanation, Version } from './difference.ts'
import { glyph } from './glyph.ts'

/** What goes wrong with the framing of a chunked body (RFC 9112 §7.1). */
export const CHUNKS: readonly Explanation[] = [
  (difference) => {
    const { wanted, missing, instead, expected } = difference
    if (instead !== '' || !hasChunks(difference)) return undefined
    if (wanted?.element === 'blank-line') {
      return 'A CRLF is missing behind the last chunk: trailer fields could still come, so the receiver goes on waiting.'
    }
    if (wanted?.element === 'chunk-size' && /^0+\r\n/.test(missing)) {
      return 'There is no last chunk (0 CRLF CRLF): the receiver goes on waiting, and takes the end of the connection for an accident (RFC 9112 §8).'
    }
    if (wanted?.element === 'crlf')
      return 'The CRLF behind the data of the chunk is missing: the receiver goes on waiting for it.'
    return expected.text.endsWith('0\r\n\r\n')
      ? 'It stops before the last chunk: the receiver goes on waiting for the rest.'
      : undefined
  },

  (difference) => {
    const { wanted, expected, got } = difference
    if (wanted?.layer !== 'chunked' || wanted.element !== 'chunk-size') return undefined
    return sizeInWords(
      sizeLine(expected, wanted.start),
      sizeLine(got, wanted.start),
      dataBehind(expected, wanted.start),
    )
  },

  ({ wanted, at, got }) => {
    if (wanted?.layer !== 'chunked' || wanted.element !== 'chunk-ext') return undefined
    return got.text[at] === '\r'
      ? 'The chunk extension is missing. It changes nothing: receivers ignore what they do not know.'
      : undefined
  },

  (difference) => (hasChunks(difference) ? overrun(difference) : undefined),

  ({ wanted, instead }) =>
    wanted?.layer === 'chunked' && wanted.element === 'crlf' && !instead.startsWith('\r')
      ? `No CRLF behind the data of the chunk: the receiver takes ${glyph(instead)} for CR and refuses the message.`
      : undefined,

  ({ wanted, instead, missing, as }) =>
    as === 'chunked-body' && missing === '' && wanted?.element === 'blank-line'
      ? `${instead.length} bytes behind the end of the body: the receiver takes them for the beginning of the next message.`
      : undefined,
]

function hasChunks({ expected }: Difference): boolean {
  return expected.rows.some(({ layer }) => layer === 'chunked')
}

function sizeLine({ text }: Version, start: number): string {
  return /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? ''
}

/** The data of a chunk, as text. */
function dataBehind({ bytes, text }: Version, start: number): string {
  const line = text.indexOf('\r\n', start)
  const size = Number.parseInt(text.slice(start, line), 16)
  return new TextDecoder().decode(bytes.subarray(line + 2, line + 2 + (Number.isNaN(size) ? 0 : size)))
}

function sizeInWords(wanted: string, written: string, data: string): string | undefined {
  const size = Number.parseInt(wanted, 16)
  const said = /^[\da-f]+/i.exec(written)?.[0]
  if (/^0x/i.test(written)) return 'A chunk-size has no 0x in front: it is always hexadecimal.'
  if (/^[ \t]/.test(written)) return 'A chunk-size begins the line: no space comes before it.'
  if (written === '') return 'The line of the chunk-size is empty: a chunk must begin with its size.'
  if (said === undefined)
    return `There is no chunk-size: a chunk begins with how many bytes of data it has, and here ${glyph(written)} comes at once.`
  const is = Number.parseInt(said, 16)
  if (is === size)
    return 'The same size, written differently: digits may be upper or lower case, and zeros may come first. Receivers do not mind; but it is not what was asked for.'
  const bytes = `${size} bytes of data follow`
  if (size === 0) return `A chunk of size 0 ends the body, and nothing else does: this says that ${is} more bytes come.`
  if (is === 0)
    return `Size 0 is the last chunk: the body ends here, and the ${size} bytes of data are taken for trailer fields.`
  if (/^\d+$/.test(said) && Number(said) === size)
    return `A chunk-size is hexadecimal: ${said} means ${is}, and ${bytes}, which is ${wanted.toLowerCase()}.`
  if (is === [...data].length || is === data.length)
    return `The length was counted in characters: ${is}. A chunk-size counts bytes, and the text takes ${size} of them in UTF-8.`
  if (is === size + 2) return `The CRLF behind the data was counted: ${bytes}, and the CRLF is none of them.`
  if (is === size + 1) return `One too many: ${bytes}. The receiver takes the CR behind them for data.`
  return `The chunk says ${is} bytes, but ${size} come before CRLF: the receiver takes something else for CR and refuses the message.`
}

/** A chunk of which the size is right and the data is not as long as that. */
function overrun({ got, expected }: Difference): string | undefined {
  const error = got.findings.find(({ code }) => code === 'CHUNKED_BAD_DELIMITER')
  const range = error?.bytes[0]
  if (!range || expected.findings.some(({ kind }) => kind === 'error')) return undefined
  const [start, end] = range
  const said = Number.parseInt(sizeLine(got, start), 16)
  const first = got.text.indexOf('\r\n', start) + 2
  const come = got.text.indexOf('\r\n', first + 1) - first
  const byte = glyph(got.text.slice(end - 1))
  if (Number.isNaN(said) || come < 0 || come === said) return undefined
  return `The chunk says ${said} bytes but ${come} come before CRLF: the receiver takes ${byte} for CR and refuses the message.`
}
