import type { Rule } from './diagnose.ts'
import { cannotTell, clientGone, clientSlow, stall } from './rules/client.ts'
import { errorInside200, hopFingerprint, idGap, unknownSseField, utf8Split } from './rules/content.ts'
import { appEndMissing, eventLostAtEnd, idleCut, noAnswer, noTerminator, resetMidBody } from './rules/ends.ts'
import {
  badChunk,
  badHttp,
  cachedStream,
  closeDelimited,
  contentLengthOnStream,
  wrongContentType,
} from './rules/framing.ts'
import { burstAfterSilence, compressedStream, compressorNotFlushed, headHeld } from './rules/held.ts'
import { sizeQuantum, splitEvent, timeQuantum } from './rules/quantum.ts'

/** All that look at one exchange; those that name a cause before those that name what follows from it. */
export const RULES: readonly Rule[] = [
  burstAfterSilence,
  compressorNotFlushed,
  sizeQuantum,
  timeQuantum,
  splitEvent,
  headHeld,
  compressedStream,
  cachedStream,
  noAnswer,
  (look, { idleTimeouts }) => idleCut(look, idleTimeouts),
  noTerminator,
  resetMidBody,
  badChunk,
  badHttp,
  stall,
  appEndMissing,
  eventLostAtEnd,
  errorInside200,
  wrongContentType,
  contentLengthOnStream,
  closeDelimited,
  unknownSseField,
  idGap,
  clientSlow,
  clientGone,
  utf8Split,
  hopFingerprint,
  cannotTell,
]
