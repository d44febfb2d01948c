import { explain } from '@sse-from-scratch/wire-xray'
import { asText } from './bytes.ts'

/** What a run of bytes is, so that its parts can be named. */
export type Grammar = 'message' | 'chunked' | 'event-stream' | 'bytes'

/** What the x-ray calls them. A message is told from how it begins; plain bytes are shown without names. */
export const SUBJECTS: Readonly<Record<Grammar, 'chunked-body' | 'event-stream' | 'text' | undefined>> = {
  message: undefined,
  chunked: 'chunked-body',
  'event-stream': 'event-stream',
  bytes: 'text',
}

/** The annotated hexdump of as much as there is. */
export function showBytes(bytes: Uint8Array, as: Grammar = 'message'): string {
  const subject = SUBJECTS[as]
  const rows =
    subject === 'text' ? plainRows(bytes) : explain(bytes, { columns: 78, ...(subject && { as: subject }) }).split('\n')
  return rows.map((row) => ` ${row}`).join('\n')
}

/** Bytes that are no message: the text of each line as JSON has it. */
function plainRows(bytes: Uint8Array): string[] {
  return asText(bytes)
    .split(/(?<=\n)/)
    .map((line) => JSON.stringify(line))
}
