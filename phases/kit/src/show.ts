import { explain } from '@sse-from-scratch/wire-xray'

/** What a run of bytes is, so that its parts can be named. */
export type Grammar = 'message' | 'chunked' | 'event-stream' | 'bytes'

/** The annotated hexdump of a message, as much of it as there is. */
export function showBytes(message: Uint8Array): string {
  const rows = explain(message, { columns: 78 }).split('\n')
  return rows.map((row) => ` ${row}`).join('\n')
}
