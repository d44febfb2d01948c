import { todo } from '@sse-from-scratch/course'
import type { BodyFraming } from './contract.ts'

export const bodyFraming: BodyFraming = (_head, _method) => todo('1.1 bodyFraming')
