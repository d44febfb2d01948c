import { behindInWords, chunkAt, counted, sizeInWords, takenFor } from './chunk-sizes.ts'
import type { Difference, Explanation } from './difference.ts'
import { endOfBody, lastChunkAt, verdictOn } from './verdict.ts'

/** What goes wrong with the framing of a chunked body (RFC 9112 §7.1). What the receiver does is what our decoder did. */
export const CHUNKS: readonly Explanation[] = [
  (difference) => {
    const { wanted, missing, instead, expected, got, at } = difference
    if (instead !== '' || !hasChunks(difference) || verdictOn(got).kind !== 'waiting') return undefined
    if (wanted?.element === 'blank-line') {
      return wanted.layer === 'chunked'
        ? 'A CRLF is missing behind the last chunk: trailer fields could still come, so the receiver goes on waiting.'
        : undefined
    }
    if (wanted?.element === 'chunk-size' && at === wanted.start && /^0+\r\n/.test(missing)) {
      return 'There is no last chunk (0 CRLF CRLF): the receiver goes on waiting, and takes the end of the connection for an accident (RFC 9112 §8).'
    }
    if (wanted?.element === 'crlf')
      return 'The CRLF behind the data of the chunk is missing: the receiver goes on waiting for it.'
    return expected.text.endsWith('0\r\n\r\n')
      ? 'It stops before the last chunk: the receiver goes on waiting for the rest.'
      : undefined
  },

  ({ missing, at, got }) =>
    missing === '' && lastChunkAt(got) === at
      ? 'A last chunk comes behind it, which ends the body: here none was asked for.'
      : undefined,

  (difference) => {
    const { wanted } = difference
    if (wanted?.layer !== 'chunked' || wanted.element !== 'chunk-size') return undefined
    return sizeInWords(difference, wanted.start)
  },

  ({ wanted, at, got }) => {
    if (wanted?.layer !== 'chunked' || wanted.element !== 'chunk-ext' || at !== wanted.start) return undefined
    return got.text[at] === '\r'
      ? 'The chunk extension is missing. It changes nothing: receivers ignore what they do not know.'
      : undefined
  },

  (difference) => (hasChunks(difference) ? delimiterInWords(difference) : undefined),

  (difference) => {
    const { missing, at, got } = difference
    if (missing !== '' || !hasChunks(difference)) return undefined
    const end = endOfBody(got)
    return end !== undefined && end === at && end < got.bytes.length ? behindInWords(got.bytes.length - end) : undefined
  },
]

function hasChunks({ expected }: Difference): boolean {
  return expected.rows.some(({ layer }) => layer === 'chunked')
}

/** A chunk whose size is as expected, without CRLF behind so much data. */
function delimiterInWords({ got, expected }: Difference): string | undefined {
  const verdict = verdictOn(got)
  if (verdict.kind !== 'refused' || verdict.code !== 'CHUNKED_BAD_DELIMITER') return undefined
  if (verdictOn(expected).kind === 'refused' || lastChunkAt(got) !== undefined) return undefined
  const { size, data } = chunkAt(got, verdict.start)
  const instead = takenFor(got, verdict.at, data + size)
  if (instead === undefined) return undefined
  const crlf = got.text.indexOf('\r\n', data)
  const isInData = crlf < data + size && expected.text.slice(data, data + size).includes('\r\n')
  return crlf === -1 || isInData
    ? `No CRLF behind the data of the chunk: the receiver ${instead} and refuses the message.`
    : `The chunk says ${counted(size)} but ${crlf - data} come before CRLF: the receiver ${instead} and refuses the message.`
}
