import { todo } from '@sse-from-scratch/course'
import type { Answers } from './contract.ts'

// Run the lab, look, and put your answers in the place of todo(…).
export const answers: Answers = {
  sizes: () => todo('L1 sizes'), // () => ['5', …, '0']
  secondInDecimal: () => todo('L1 secondInDecimal'),
  terminator: () => todo('L1 terminator'), // () => '30 …'
  dataBytes: () => todo('L1 dataBytes'),
  framingBytes: () => todo('L1 framingBytes'),
  bytesForTheEmptyPiece: () => todo('L1 bytesForTheEmptyPiece'),
}
