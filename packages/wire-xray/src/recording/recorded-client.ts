import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { type AnswerCount, createAnswerCount } from '../answer-count.ts'

/** What one client did on one connection. */
export interface RecordedClient {
  readonly openAt: number
  readonly lines: readonly ClientLine[]
  /** Whole answers at the end of the recording. */
  readonly answers: number
}

/** Something it did, and how many answers it had by then. */
export interface ClientLine {
  readonly at: number
  readonly answers: number
  readonly does: Uint8Array | 'fin' | 'rst'
}

/** @throws TypeError when something that went up is missing */
export function clientIn(entries: readonly RecordedRead[]): RecordedClient {
  const answers = createAnswerCount()
  const lines: ClientLine[] = []
  for (const entry of entries) {
    const line = lineOf(entry, answers)
    if (line) lines.push({ at: entry.at, ...line })
  }
  return { openAt: entries[0]?.at ?? 0, lines, answers: answers.count }
}

function lineOf(entry: RecordedRead, answers: AnswerCount): Omit<ClientLine, 'at'> | undefined {
  if (!('direction' in entry)) return undefined
  const { count } = answers
  if (entry.direction === 'down') {
    if (entry.kind === 'bytes') answers.answered(entry.bytes)
    return undefined
  }
  if (entry.kind === 'gap') throw new TypeError(`${entry.size} bytes of a request are missing in the recording`)
  if (entry.kind === 'bytes') answers.asked(entry.bytes)
  return { answers: count, does: entry.kind === 'bytes' ? entry.bytes : entry.kind === 'fin' ? 'fin' : 'rst' }
}
