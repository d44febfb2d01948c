import type { Answers } from './contract.ts'

export const answers: Answers = {
  sizes: () => ['5', '1a', '8', 'ff', '100', '7', '0'],
  secondInDecimal: () => 26, // 1 × 16 + 10
  terminator: () => '30 0d 0a 0d 0a',
  dataBytes: () => 5 + 26 + 8 + 255 + 256 + 7,
  framingBytes: () => 1 + 2 + 1 + 2 + 3 + 1 + 6 * 4 + 5, // the digits, two CR LF for each chunk, the terminator
  bytesForTheEmptyPiece: () => 0, // a chunk of size 0 would have ended the body
}
