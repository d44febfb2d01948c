import type { Lab } from './engine/lab.ts'
import { heldToTheEnd } from './L03-held-to-the-end.ts'
import { aFieldSaysSo } from './L04-a-field-says-so.ts'
import { oneVersionHigher } from './L05-one-version-higher.ts'
import { oneBehind } from './L06-one-behind.ts'
import { theHeadWaits } from './L07-the-head-waits.ts'
import { compressed } from './L08-compressed.ts'

/** Every experiment, in order. */
export const LABS: readonly Lab[] = [heldToTheEnd, aFieldSaysSo, oneVersionHigher, oneBehind, theHeadWaits, compressed]
