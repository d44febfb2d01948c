import type { LlmEvent } from './events.ts'
import type { Outcome } from './outcome.ts'
import type { Queue } from './queue.ts'

/** What an iteration sees of its answer. */
export interface Answering {
  readonly queue: Queue<LlmEvent>
  /** How it went; `undefined` while it goes on. */
  outcome(): Outcome | undefined
  /** Waits once: afterwards there is something in the queue, or an outcome, or neither yet. */
  advance(): Promise<void>
  abort(reason: Error): void
}

/** Hands out what is in the queue, then what went wrong, once, and then the end. Leaving the loop aborts the answer. */
export function iterate({ queue, outcome, advance, abort }: Answering): AsyncIterator<LlmEvent, undefined> {
  let thrown = false

  async function nextOrEnd(): Promise<IteratorResult<LlmEvent, undefined>> {
    while (queue.empty && !outcome()) await advance()
    if (!queue.empty) return { done: false, value: queue.take() }
    const error = thrown ? undefined : outcome()?.error
    thrown = true
    if (error) throw error
    return { done: true, value: undefined }
  }

  return {
    // Not `async`: most events are here already, and the frame of a function that can wait is 150 bytes for each of them.
    next: () => (queue.empty ? nextOrEnd() : Promise.resolve({ done: false, value: queue.take() })),
    async return() {
      abort(new Error('the loop was left before the end of the answer'))
      thrown = true
      return { done: true, value: undefined }
    },
  }
}
