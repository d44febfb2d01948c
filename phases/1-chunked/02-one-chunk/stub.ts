import { todo } from '@sse-from-scratch/course'
import type { EncodeChunk } from './contract.ts'

export const encodeChunk: EncodeChunk = (_data) => todo('1.2 encodeChunk')
