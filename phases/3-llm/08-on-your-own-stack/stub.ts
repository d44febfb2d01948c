import { todo } from '@sse-from-scratch/course'
import type { Compose } from './contract.ts'

export const compose: Compose = (_layers) => todo('3.8 compose')
