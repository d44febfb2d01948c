import { todo } from '@sse-from-scratch/course'
import type { StartEcho } from './contract.ts'

export const startEcho: StartEcho = (_options) => todo('0.2 startEcho')
