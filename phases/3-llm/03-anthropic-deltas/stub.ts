import { todo } from '@sse-from-scratch/course'
import type { FromAnthropic } from './contract.ts'

export const fromAnthropic: FromAnthropic = (_events) => todo('3.3 fromAnthropic')
