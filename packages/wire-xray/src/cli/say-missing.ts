import { missingFrom, type Recording } from '../recording/index.ts'
import type { Terminal } from './terminal.ts'

/** Says on stderr what of a recording could not be read, if anything: what is there is used. */
export function sayMissing(recording: Recording, { stderr }: Terminal): Recording {
  const missing = missingFrom(recording)
  if (missing !== undefined) stderr.write(`${missing}\n`)
  return recording
}
