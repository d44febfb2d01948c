import { todo } from '@sse-from-scratch/course'
import type { GetChunked } from './contract.ts'

export const getChunked: GetChunked = (_url) => todo('1.5 getChunked')
