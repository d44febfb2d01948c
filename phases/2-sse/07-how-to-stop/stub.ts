import { todo } from '@sse-from-scratch/course'
import type { AfterResponse } from './contract.ts'

export const afterResponse: AfterResponse = (_status, _type) => todo('2.7 afterResponse')
