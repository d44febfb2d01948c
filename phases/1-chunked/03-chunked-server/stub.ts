import { todo } from '@sse-from-scratch/course'
import type { SendChunked } from './contract.ts'

export const sendChunked: SendChunked = async (_socket, _pieces) => todo('1.3 sendChunked')
