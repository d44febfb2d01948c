import { type AnsweringSetup, startAnswering } from './answering.ts'
import { iterate } from './event-iterator.ts'
import type { LlmEvent } from './events.ts'
import type { Outcome, StreamMetrics } from './outcome.ts'

/** An answer under way. It is read once: `for await` hands out its events, `outcome` says how it went. */
export interface ChatStream extends AsyncIterable<LlmEvent>, AsyncDisposable {
  /** Never rejects: what went wrong is its `error`, the same that iterating throws. */
  readonly outcome: Promise<Outcome>
  /** As measured so far, for whoever shows it live; tokens are counted by deltas until the outcome knows better. */
  readonly metrics: StreamMetrics
  /** Closes the socket in the same tick; so does leaving the loop. What came stays in the outcome. */
  abort(reason?: unknown): void
}

/** Something to iterate, to await and to leave, out of an answer that is under way. */
export function createChatStream(setup: AnsweringSetup): ChatStream {
  const answering = startAnswering(setup)
  const { outcome, settled, advance, abort } = answering
  let iterated = false

  async function readThrough(): Promise<void> {
    while (!outcome() && !iterated) await advance()
  }

  return {
    get outcome() {
      void readThrough()
      return settled
    },
    get metrics() {
      return outcome()?.metrics ?? setup.tally.meter.metrics(undefined)
    },
    abort,
    [Symbol.asyncIterator]() {
      if (iterated) throw new TypeError('an answer is iterated once')
      iterated = true
      return iterate(answering)
    },
    async [Symbol.asyncDispose]() {
      abort(new Error('the answer was disposed of before its end'))
    },
  }
}
