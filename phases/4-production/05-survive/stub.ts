import { todo } from '@sse-from-scratch/course'
import type { Resilient } from './contract.ts'

export const resilient: Resilient = (_open, _options) => todo('4.5 resilient')
