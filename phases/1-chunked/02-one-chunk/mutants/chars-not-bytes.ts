import { asBytes } from '@sse-from-scratch/course'
import type { EncodeChunk } from '../contract.ts'

export const encodeChunk: EncodeChunk = (data) => {
  const { length } = new TextDecoder().decode(data)
  return length === 0 ? data : asBytes([`${length.toString(16)}\r\n`, data, '\r\n'])
}
