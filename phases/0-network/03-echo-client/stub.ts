import { todo } from '@sse-from-scratch/course'
import type { EchoOnce } from './contract.ts'

export const echoOnce: EchoOnce = (_port, _message, _options) => todo('0.3 echoOnce')
