import { todo } from '@sse-from-scratch/course'
import type { CreateSseServer } from './contract.ts'

export const createSseServer: CreateSseServer = (_on) => todo('2.2 createSseServer')
