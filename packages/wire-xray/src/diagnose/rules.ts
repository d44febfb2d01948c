import type { Rule } from './diagnose.ts'
import { appEndMissing, eventLostAtEnd, idleCut, noAnswer, noTerminator, resetMidBody } from './rules/ends.ts'
import { burstAfterSilence, compressedStream, compressorNotFlushed, headHeld } from './rules/held.ts'
import { sizeQuantum, splitEvent, timeQuantum } from './rules/quantum.ts'

/** All that look at one exchange. */
export const RULES: readonly Rule[] = [
  burstAfterSilence,
  compressorNotFlushed,
  sizeQuantum,
  timeQuantum,
  splitEvent,
  headHeld,
  compressedStream,
  noAnswer,
  noTerminator,
  resetMidBody,
  (look, { idleTimeouts }) => idleCut(look, idleTimeouts),
  appEndMissing,
  eventLostAtEnd,
]
