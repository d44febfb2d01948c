import { concat } from '../concat.ts'

const CR = 13

/** The parts of one chunk as our encoder writes it: `size CRLF data CRLF`, no extensions (RFC 9112 §7.1). */
function partsOf(chunk: Uint8Array): { readonly size: number; readonly data: Uint8Array } {
  const line = chunk.indexOf(CR)
  const size = Number.parseInt(ascii(chunk.subarray(0, line)), 16)
  return { size, data: chunk.subarray(line + 2, line + 2 + size) }
}

/** What a chunk carries; nothing, for the last one. */
export function dataOf(chunk: Uint8Array): Uint8Array {
  return partsOf(chunk).data
}

/** A chunk whose size is no hexadecimal number. */
export function withBadSize(chunk: Uint8Array): Uint8Array {
  const bad = Uint8Array.from(chunk)
  bad[0] = 0x7a // z
  return bad
}

/** A chunk that says it is longer or shorter than it is; never negative, and never the last one. */
export function withWrongSize(chunk: Uint8Array, by: number): Uint8Array {
  const { size } = partsOf(chunk)
  const line = new TextEncoder().encode(Math.max(size + by, 1).toString(16))
  return concat([line, chunk.subarray(chunk.indexOf(CR))])
}

/** A chunk without the CRLF behind its data. */
export function withoutCrlf(chunk: Uint8Array): Uint8Array {
  return chunk.subarray(0, -2)
}

/** Whether it is the head of an interim response (RFC 9110 §15.2), which says nothing about a body. */
export function isInterim(head: Uint8Array): boolean {
  return /^HTTP\/1\.1 1/.test(ascii(head.subarray(0, 10)))
}

/** Whether a head announces chunks. */
export function isChunked(head: Uint8Array): boolean {
  return /\r\ntransfer-encoding: chunked\r\n/i.test(ascii(head))
}

/** A head that says something else about the length of its body, and that the connection ends with it. */
export function reframed(head: Uint8Array, contentLength: number | undefined, http10: boolean): Uint8Array {
  const lines = ascii(head)
    .split('\r\n')
    .filter((line) => !/^(?:transfer-encoding|connection|content-length):/i.test(line))
  const [statusLine = '', ...rest] = lines.slice(0, -2) // behind the fields come two empty lines
  const framing = contentLength === undefined ? [] : [`Content-Length: ${contentLength}`]
  const first = http10 ? statusLine.replace('HTTP/1.1', 'HTTP/1.0') : statusLine
  return latin1([first, ...rest, ...framing, 'Connection: close', '', ''].join('\r\n'))
}

function ascii(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
