import { isFraming } from './chunks.ts'
import type { Found } from './finding.ts'
import type { Message } from './message.ts'
import type { Refusal } from './refusal.ts'
import type { ByteRange } from './span.ts'

/** A finding for bytes that cannot be read, or are missing. */
export function errorOf({ summary, ...code }: Refusal, where: string, state: string, range: ByteRange): Found {
  const layer = isInChunk(state) ? 'chunked' : 'http'
  return { layer, kind: 'error', summary: `${where}: ${summary}`, ...code, bytes: [range] }
}

function isInChunk(state: string): boolean {
  return state === 'chunk-data' || isFraming(state)
}

/** Where began what is broken in that state: the chunk, else the head or the body. */
export function startOf(message: Message | undefined, state: string): number {
  return (isInChunk(state) ? message?.chunks.start : message?.start) ?? 0
}
