import type { Lab } from './engine/lab.ts'
import { heldToTheEnd } from './L03-held-to-the-end.ts'
import { aFieldSaysSo } from './L04-a-field-says-so.ts'
import { oneVersionHigher } from './L05-one-version-higher.ts'
import { oneBehind } from './L06-one-behind.ts'
import { theHeadWaits } from './L07-the-head-waits.ts'
import { compressed } from './L08-compressed.ts'
import { largeEnoughToCompress } from './L09-large-enough-to-compress.ts'
import { twoHundredMilliseconds } from './L10-two-hundred-milliseconds.ts'
import { goneWithTls } from './L11-gone-with-tls.ts'
import { twoInARow } from './L12-two-in-a-row.ts'
import { silenceIsCut } from './L13-silence-is-cut.ts'
import { aliveButNotHeard } from './L14-alive-but-not-heard.ts'
import { brokenInAChunk } from './L15-broken-in-a-chunk.ts'
import { aPoliteLie } from './L16-a-polite-lie.ts'
import { nobodyListens } from './L17-nobody-listens.ts'
import { whereItPilesUp } from './L18-where-it-piles-up.ts'
import { aPrivateStream } from './L19-a-private-stream.ts'
import { extrasOfChunks } from './L20-extras-of-chunks.ts'
import { theFingerprint } from './L21-the-fingerprint.ts'
import { writeSaidFalse } from './L22-write-said-false.ts'
import { theSeventhTab } from './L23-the-seventh-tab.ts'
import { goneWithoutAWord } from './L24-gone-without-a-word.ts'

/** Every experiment, in order. */
export const LABS: readonly Lab[] = [
  heldToTheEnd,
  aFieldSaysSo,
  oneVersionHigher,
  oneBehind,
  theHeadWaits,
  compressed,
  largeEnoughToCompress,
  twoHundredMilliseconds,
  goneWithTls,
  twoInARow,
  silenceIsCut,
  aliveButNotHeard,
  brokenInAChunk,
  aPoliteLie,
  nobodyListens,
  whereItPilesUp,
  aPrivateStream,
  extrasOfChunks,
  theFingerprint,
  writeSaidFalse,
  theSeventhTab,
  goneWithoutAWord,
]
