import { todo } from '@sse-from-scratch/course'
import type { CreateChunkDecoder } from './contract.ts'

export const createChunkDecoder: CreateChunkDecoder = () => todo('1.4 createChunkDecoder')
