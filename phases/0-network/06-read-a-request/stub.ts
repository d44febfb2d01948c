import { todo } from '@sse-from-scratch/course'
import type { ParseRequestHead } from './contract.ts'

export const parseRequestHead: ParseRequestHead = (_bytes) => todo('0.6 parseRequestHead')
