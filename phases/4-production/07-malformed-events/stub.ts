import { todo } from '@sse-from-scratch/course'
import type { SafeDelta } from './contract.ts'

export const safeDelta: SafeDelta = (_event) => todo('4.7 safeDelta')
