import { todo } from '@sse-from-scratch/course'
import type { EncodeEvent } from './contract.ts'

export const encodeEvent: EncodeEvent = (_event) => todo('2.1 encodeEvent')
