import { todo } from '@sse-from-scratch/course'
import type { FanOut, Pump } from './contract.ts'

export const pump: Pump = (_socket, _source) => todo('4.6 pump')

export const fanOut: FanOut = (_clients, _options) => todo('4.6 fanOut')
