import type { Explanation, Version } from './difference.ts'

/** What goes wrong with the content of a message. */
export const BODIES: readonly Explanation[] = [
  ({ wanted, expected, got, instead, missing, as }) => {
    if (as !== 'message' || (wanted?.element !== 'message-body' && missing !== '')) return undefined
    const length = /^content-length:[ \t]*(\d+)/im.exec(headOf(expected))?.[1]
    if (length === undefined) return undefined
    const [want, have] = [Number(length), got.text.length - (expected.text.length - Number(length))]
    if (instead === '')
      return `The body has ${have} bytes, but Content-Length announces ${want}: the receiver goes on waiting for ${want - have} more.`
    if (missing === '')
      return `The body has ${have} bytes, but Content-Length announces ${want}: the receiver takes the rest for the beginning of the next message.`
    return undefined
  },
]

/** What is wrong with the value of Content-Length. */
export function lengthInWords(wanted: string, written: string, expected: Version, got: Version): string {
  const text = new TextDecoder().decode(contentOf(expected))
  if (!/^\d+$/.test(written))
    return 'Content-Length is a number of bytes in decimal digits, and nothing else (RFC 9110 §8.6).'
  if (Number(written) === Number(wanted)) return 'The same length, written differently.'
  if (contentOf(got).length === Number(written))
    return `Content-Length is right for the body that follows it, but that is another one: it has ${counted(written)}, and should have ${wanted}.`
  if (Number(written) === text.length || Number(written) === [...text].length) {
    return `The length was counted in characters: ${written}. Content-Length counts bytes, and the text takes ${wanted} of them in UTF-8.`
  }
  if (written === Number(wanted).toString(16)) return `Content-Length is decimal; only a chunk-size is hexadecimal.`
  return Number(written) < Number(wanted)
    ? `Content-Length is too small: the receiver takes ${Number(wanted) - Number(written)} bytes of the body for the beginning of the next message.`
    : `Content-Length is too large: the receiver goes on waiting for ${Number(written) - Number(wanted)} bytes that never come.`
}

/** What is behind the head. */
export function contentOf(version: Version): Uint8Array {
  return version.bytes.subarray(headOf(version).length)
}

function counted(size: string): string {
  return size === '1' ? '1 byte' : `${size} bytes`
}

function headOf({ text }: Version): string {
  return text.slice(0, text.indexOf('\r\n\r\n') + 4)
}
