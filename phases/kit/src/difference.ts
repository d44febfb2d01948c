import { type DifferenceSubject, explainDifference } from '@sse-from-scratch/wire-xray'
import type { Grammar } from './show.ts'

const SUBJECTS: Readonly<Record<Grammar, DifferenceSubject | undefined>> = {
  message: undefined, // a request or a response: told from how it begins
  chunked: 'chunked-body',
  'event-stream': 'event-stream',
  bytes: 'text',
}

/** Where the bytes part from those that were expected, both explained, and what a receiver makes of it. */
export function showDifference(expected: Uint8Array, got: Uint8Array, as: Grammar): string {
  const subject = SUBJECTS[as]
  return explainDifference(expected, got, { columns: 78, ...(subject && { as: subject }) })
}
