import { todo } from '@sse-from-scratch/course'
import type { HowItEnded } from './contract.ts'

export const howItEnded: HowItEnded = (_trace) => todo('4.4 howItEnded')
