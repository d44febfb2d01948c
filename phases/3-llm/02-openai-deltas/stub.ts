import { todo } from '@sse-from-scratch/course'
import type { FromOpenAI } from './contract.ts'

export const fromOpenAI: FromOpenAI = (_events) => todo('3.2 fromOpenAI')
