import type { EncodeChunk } from './contract.ts'

const encoder = new TextEncoder()
const CRLF = encoder.encode('\r\n')

export const encodeChunk: EncodeChunk = (data) => {
  if (data.length === 0) return data // size 0 would be the last chunk
  const size = encoder.encode(`${data.length.toString(16)}\r\n`)
  const chunk = new Uint8Array(size.length + data.length + CRLF.length)
  chunk.set(size)
  chunk.set(data, size.length)
  chunk.set(CRLF, size.length + data.length)
  return chunk
}
