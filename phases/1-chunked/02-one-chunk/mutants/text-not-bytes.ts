import { asBytes } from '@sse-from-scratch/course'
import type { EncodeChunk } from '../contract.ts'

export const encodeChunk: EncodeChunk = (data) => {
  const text = new TextDecoder().decode(data)
  const { length } = asBytes(text)
  return length === 0 ? data : asBytes(`${length.toString(16)}\r\n${text}\r\n`)
}
