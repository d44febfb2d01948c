import { todo } from '@sse-from-scratch/course'
import type { Diagnose } from './contract.ts'

export const diagnose: Diagnose = (_body) => todo('1.7 diagnose')
