import { explainDifference } from '@sse-from-scratch/wire-xray'
import { type Grammar, SUBJECTS } from './show.ts'

/** Where the bytes part from those that were expected, both explained, and what a receiver makes of it. */
export function showDifference(expected: Uint8Array, got: Uint8Array, as: Grammar): string {
  const subject = SUBJECTS[as]
  return explainDifference(expected, got, { columns: 78, ...(subject && { as: subject }) })
}
