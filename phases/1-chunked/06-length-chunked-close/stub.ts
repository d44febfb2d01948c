import { todo } from '@sse-from-scratch/course'
import type { Compare } from './contract.ts'

export const compare: Compare = async (_sizes, _gapMs, _clock) => todo('1.6 compare')
