import { todo } from '@sse-from-scratch/course'
import type { Explain } from './contract.ts'

export const explain: Explain = (_failure) => todo('3.7 explain')
