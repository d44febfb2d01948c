import { asBytes } from '@sse-from-scratch/course'
import type { EncodeChunk } from '../contract.ts'

export const encodeChunk: EncodeChunk = (data) =>
  data.length === 0 ? data : asBytes(`${data.length.toString(16)}\r\n${data}\r\n`)
