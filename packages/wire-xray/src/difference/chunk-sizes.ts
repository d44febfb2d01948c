import type { Difference, Version } from './difference.ts'
import { glyph } from './glyph.ts'
import { chunksOf, endOfBody, lastChunkAt, verdictOn } from './verdict.ts'

/** A size line, and the data it announces. */
interface Chunk {
  /** The line without its end. */
  readonly line: string
  readonly size: number
  /** Where its data begins. */
  readonly data: number
}

/** The chunk that begins at `start`; its size is NaN when the line has none. */
export function chunkAt({ text }: Version, start: number): Chunk {
  const line = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? ''
  const size = /^[\da-f]+/i.test(line) ? Number.parseInt(line, 16) : Number.NaN
  return { line, size, data: start + line.length + 2 }
}

/** What became of a chunk-size (RFC 9112 §7.1). */
export function sizeInWords(difference: Difference, start: number): string | undefined {
  const { expected, got } = difference
  const [wanted, written] = [chunkAt(expected, start), chunkAt(got, start)]
  const { line, size } = written
  if (/^0x/i.test(line)) return 'A chunk-size has no 0x in front: it is always hexadecimal.'
  if (/^[ \t]/.test(line)) return 'A chunk-size begins the line: no space comes before it.'
  if (line === '') return 'The line of the chunk-size is empty: a chunk must begin with its size.'
  if (Number.isNaN(size))
    return `There is no chunk-size: a chunk begins with how many bytes of data it has, and here ${glyph(line)} comes at once.`
  if (size === wanted.size) return sameSizeInWords(line)
  if (isSameData(expected, got))
    return 'The same data in other chunks: a receiver gets the same content, for it does not see where one chunk ends and the next begins. But the bytes are others.'
  if (wanted.size === 0)
    return `A chunk of size 0 ends the body, and nothing else does: this says that ${size} more bytes come.`
  if (size === 0) return zeroInWords(got, start, wanted.size)
  return mistakeInWords(difference, wanted, written) ?? otherSizeInWords(got, start, wanted, written)
}

function sameSizeInWords(line: string): string {
  const behind = line.replace(/^[\da-f]+/i, '')
  if (behind === '')
    return 'The same size, written differently: digits may be upper or lower case, and zeros may come first. Receivers do not mind; but it is not what was asked for.'
  return behind.startsWith(';')
    ? 'There is a chunk extension, and none was asked for.'
    : `Behind the digits of a chunk-size comes CRLF, or the semicolon of an extension: here comes ${glyph(behind)}.`
}

/** Whether both carry the same as far as they go, and neither stops inside a chunk. */
function isSameData(expected: Version, got: Version): boolean {
  const [left, right] = [verdictOn(expected), verdictOn(got)]
  if (left.kind !== right.kind || left.kind === 'refused' || right.kind === 'refused') return false
  if (left.kind === 'waiting' && left.start !== expected.bytes.length) return false
  if (right.kind === 'waiting' && right.start !== got.bytes.length) return false
  return dataOf(expected) === dataOf(got)
}

function dataOf(version: Version): string {
  return chunksOf(version)
    .map(([start, end]) => version.text.slice(chunkAt(version, start).data, end - 2))
    .join('')
}

function zeroInWords(got: Version, start: number, size: number): string {
  if (lastChunkAt(got) !== start) return 'Size 0 is the last chunk, and ends the body.'
  const end = endOfBody(got)
  if (end === undefined)
    return verdictOn(got).kind === 'waiting'
      ? 'Size 0 is the last chunk: the receiver takes what follows for trailer fields, and goes on waiting for the empty line behind them.'
      : 'Size 0 is the last chunk: the receiver takes what follows for trailer fields, and refuses the message.'
  return end < got.bytes.length
    ? `Size 0 is the last chunk: the body ends here, without the ${counted(size)} of data that should come. ${behindInWords(got.bytes.length - end)}`
    : `Size 0 is the last chunk: the body ends here, without the ${counted(size)} of data that should come.`
}

/** What is behind a body that is whole. */
export function behindInWords(size: number): string {
  return size === 1
    ? '1 byte behind the end of the body: the receiver takes it for the beginning of the next message.'
    : `${size} bytes behind the end of the body: the receiver takes them for the beginning of the next message.`
}

/** What somebody counted who wrote another size before the data that was expected. */
function mistakeInWords({ expected, got }: Difference, wanted: Chunk, { line, size, data }: Chunk): string | undefined {
  const come = expected.text.slice(wanted.data, wanted.data + wanted.size)
  if (!got.text.startsWith(`${come}\r\n`, data) || !isMistaken(got, data, size)) return undefined
  const text = new TextDecoder().decode(expected.bytes.subarray(wanted.data, wanted.data + wanted.size))
  const follow = wanted.size === 1 ? '1 byte of data follows' : `${wanted.size} bytes of data follow`
  const digits = /^[\da-f]+/i.exec(line)?.[0] ?? ''
  if (/^\d+$/.test(digits) && Number(digits) === wanted.size)
    return `A chunk-size is hexadecimal: ${digits} means ${size}, and ${follow}, which is ${wanted.size.toString(16)}.`
  if (size === [...text].length || size === text.length)
    return `The length was counted in characters: ${size}. A chunk-size counts bytes, and the text takes ${wanted.size} of them in UTF-8.`
  if (size === wanted.size + 2) return `The CRLF behind the data was counted: ${follow}, and the CRLF is none of them.`
  if (size === wanted.size + 1) return `One too many: ${follow}. The receiver takes the CR behind them for data.`
  return undefined
}

/** Whether the decoder took the size, and CRLF is not where it says. */
function isMistaken(got: Version, data: number, size: number): boolean {
  const verdict = verdictOn(got)
  return !got.text.startsWith('\r\n', data + size) && !(verdict.kind === 'refused' && verdict.at < data)
}

/** What the decoder made of a chunk of another size than expected. */
function otherSizeInWords(got: Version, start: number, wanted: Chunk, { size, data }: Chunk): string | undefined {
  const verdict = verdictOn(got)
  if (chunksOf(got).some(([first]) => first === start))
    return `The chunk says ${counted(size)}, and CRLF comes behind them; expected is a chunk of ${wanted.size}.`
  if (verdict.kind === 'whole' || verdict.start !== start) return undefined
  const first = got.text.indexOf('\r\n', data)
  const come = first === data + wanted.size ? `, but ${wanted.size} come before CRLF` : `, not ${wanted.size}`
  if (verdict.kind === 'waiting')
    return `The chunk says ${counted(size)}${come}: the receiver goes on waiting for the rest of it.`
  const instead = takenFor(got, verdict.at, data + size)
  return instead && `The chunk says ${counted(size)}${come}: the receiver ${instead} and refuses the message.`
}

/** What is there in place of the CRLF at `end`, when the byte at `at` was refused. */
export function takenFor({ text }: Version, at: number, end: number): string | undefined {
  if (at !== end && at !== end + 1) return undefined
  return `takes ${glyph(text.slice(at))} for ${at === end ? 'CR' : 'LF'}`
}

export function counted(size: number): string {
  return size === 1 ? '1 byte' : `${size} bytes`
}
