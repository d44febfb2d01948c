import { createChunkedEncoder } from '@sse-from-scratch/chunked'
import { asBytes } from '@sse-from-scratch/course'
import type { EncodeChunk } from './contract.ts'

export const encodeChunk: EncodeChunk = (data) => asBytes(createChunkedEncoder().encode(data))
