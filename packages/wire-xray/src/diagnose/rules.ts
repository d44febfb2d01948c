import type { Rule } from './diagnose.ts'
import { appEndMissing, eventLostAtEnd } from './rules/app-end.ts'
import { burstAfterSilence } from './rules/burst.ts'
import { cachedStream } from './rules/cached.ts'
import { cannotTell } from './rules/cannot-tell.ts'
import { clientGone, clientSlow } from './rules/client.ts'
import { compressedStream, compressorNotFlushed } from './rules/compression.ts'
import { corkedAlone, timeQuantum } from './rules/corked.ts'
import { noAnswer, noTerminator, resetMidBody } from './rules/ends.ts'
import { errorInside200 } from './rules/error-inside.ts'
import { hopFingerprint } from './rules/fingerprint.ts'
import { closeDelimited, contentLengthOnStream, wrongContentType } from './rules/framing.ts'
import { headHeld } from './rules/head-held.ts'
import { idGap } from './rules/id-gap.ts'
import { idleCut } from './rules/idle-cut.ts'
import { badChunk, badHttp } from './rules/refused.ts'
import { sizeQuantum } from './rules/size-quantum.ts'
import { splitEvent } from './rules/split-event.ts'
import { stall } from './rules/stall.ts'
import { unknownSseField } from './rules/unknown-field.ts'
import { utf8Split } from './rules/utf8-split.ts'

/** All that look at one exchange; those that name a cause before those that name what follows from it. */
export const RULES: readonly Rule[] = [
  burstAfterSilence,
  compressorNotFlushed,
  sizeQuantum,
  timeQuantum,
  corkedAlone,
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
