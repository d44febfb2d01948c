import { todo } from '@sse-from-scratch/course'
import type { UntilSentinel } from './contract.ts'

export const untilSentinel: UntilSentinel = (_deltas) => todo('3.4 untilSentinel')
