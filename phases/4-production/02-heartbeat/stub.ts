import { todo } from '@sse-from-scratch/course'
import type { WithHeartbeat } from './contract.ts'

export const withHeartbeat: WithHeartbeat = (_events, _ms, _clock) => todo('4.2 withHeartbeat')
