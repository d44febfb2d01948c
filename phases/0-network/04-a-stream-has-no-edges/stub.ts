import { todo } from '@sse-from-scratch/course'
import type { CreateLineReader } from './contract.ts'

export const createLineReader: CreateLineReader = (_onLine) => todo('0.4 createLineReader')
