import { todo } from '@sse-from-scratch/course'
import type { CreateSseParser } from './contract.ts'

export const createSseParser: CreateSseParser = (_on) => todo('2.3 createSseParser')
