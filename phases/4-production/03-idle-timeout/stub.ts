import { todo } from '@sse-from-scratch/course'
import type { WithIdleTimeout } from './contract.ts'

export const withIdleTimeout: WithIdleTimeout = (_source, _ms, _clock) => todo('4.3 withIdleTimeout')
