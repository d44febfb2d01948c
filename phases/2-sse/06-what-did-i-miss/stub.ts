import { todo } from '@sse-from-scratch/course'
import type { CreateReplay } from './contract.ts'

export const createReplay: CreateReplay = (_limit) => todo('2.6 createReplay')
