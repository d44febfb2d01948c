import { todo } from '@sse-from-scratch/course'
import type { CreateDispatcher } from './contract.ts'

export const createDispatcher: CreateDispatcher = () => todo('2.4 createDispatcher')
