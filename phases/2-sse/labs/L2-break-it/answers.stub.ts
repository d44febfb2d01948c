import { todo } from '@sse-from-scratch/course'
import type { Answers } from './contract.ts'

// Predict first. Then run the lab, look, and put the answers in the place of todo(…).
export const answers: Answers = {
  noBlankLine: () => todo('L2 noBlankLine'), // () => ['…'], the data of each event that is heard
  noColon: () => todo('L2 noColon'),
  mixedLineEnds: () => todo('L2 mixedLineEnds'),
  twoInOneChunk: () => todo('L2 twoInOneChunk'),
  oneInFiveChunks: () => todo('L2 oneInFiveChunks'),
  naiveIsRight: () => todo('L2 naiveIsRight'), // () => ['noColon', …], the names of streams
}
