import type { Answers } from './contract.ts'

export const answers: Answers = {
  noBlankLine: () => ['one'], // half an event is no event
  noColon: () => ['', '\n', 'x\n'], // a line without a colon is a field with an empty value
  mixedLineEnds: () => ['a\nb\nc', 'd\ne'], // CR, LF and CRLF each end one line
  twoInOneChunk: () => ['one', 'two'], // chunks end nothing but themselves
  oneInFiveChunks: () => ['wörld'],
  naiveIsRight: () => ['twoInOneChunk'],
}
