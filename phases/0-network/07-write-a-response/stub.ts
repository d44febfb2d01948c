import { todo } from '@sse-from-scratch/course'
import type { EncodeResponse } from './contract.ts'

export const encodeResponse: EncodeResponse = (_response) => todo('0.7 encodeResponse')
