import { todo } from '@sse-from-scratch/course'
import type { Drain } from './contract.ts'

export const drain: Drain = (_server, _graceMs, _options) => todo('4.8 drain')
