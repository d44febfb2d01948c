import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { type AnswerCount, createAnswerCount } from '../answer-count.ts'

/** A recorder that is switched on and off while connections go on. */
export interface SwitchedRecorder {
  /** The next entry of any connection. */
  take(entry: RecordedRead): void
  /** Hands entries on from here: of a connection that is open already, from its next request. */
  start(record: (entry: RecordedRead) => void): void
  stop(): void
}

interface Followed {
  readonly open: RecordedRead | undefined
  readonly answers: AnswerCount
  isRecorded: boolean
}

/** What begins in the middle of an answer nobody could read: a connection joins a recording when nothing is under way on it. */
export function createSwitchedRecorder(): SwitchedRecorder {
  const connections = new Map<number, Followed>()
  let record: ((entry: RecordedRead) => void) | undefined

  function begin(entry: RecordedRead): Followed {
    const open = entry.kind === 'open' ? entry : undefined
    const followed = { open, answers: createAnswerCount(), isRecorded: record !== undefined }
    connections.set(entry.connection, followed)
    return followed
  }

  function join(followed: Followed, entry: RecordedRead): void {
    const asks = entry.kind === 'bytes' && entry.direction === 'up'
    if (!record || followed.isRecorded || !asks || !followed.answers.isIdle) return
    followed.isRecorded = true
    if (followed.open) record({ ...followed.open, at: entry.at })
  }

  function count({ answers }: Followed, entry: RecordedRead): void {
    if (entry.kind !== 'bytes') return
    if (entry.direction === 'up') answers.asked(entry.bytes)
    else answers.answered(entry.bytes)
  }

  return {
    take(entry) {
      const followed = connections.get(entry.connection) ?? begin(entry)
      join(followed, entry)
      if (followed.isRecorded) record?.(entry)
      count(followed, entry)
      if (entry.kind === 'reset' || entry.kind === 'error') connections.delete(entry.connection)
      if (entry.kind === 'fin' && entry.direction === 'down') connections.delete(entry.connection)
    },
    start(next) {
      record = next
    },
    stop() {
      record = undefined
      for (const followed of connections.values()) followed.isRecorded = false
    },
  }
}
