import type { Transport, TransportRequest } from '@sse-from-scratch/sse-client'
import { LlmError } from './errors.ts'
import { iterate } from './event-iterator.ts'
import type { LlmEvent } from './events.ts'
import { createExchange } from './exchange.ts'
import type { Outcome } from './outcome.ts'
import { createPatience, type Patience } from './patience.ts'
import type { Provider } from './provider.ts'
import { createQueue } from './queue.ts'
import { redacted, secretsIn } from './secrets.ts'
import { shared } from './shared.ts'
import type { Tally } from './tally.ts'
import { startTotal, type Timeouts } from './timeouts.ts'

/** An answer under way. It is read once: `for await` hands out its events, `outcome` says how it went. */
export interface ChatStream extends AsyncIterable<LlmEvent>, AsyncDisposable {
  /** Never rejects: what went wrong is its `error`, the same that iterating throws. */
  readonly outcome: Promise<Outcome>
  /** Closes the socket in the same tick; so does leaving the loop. What came stays in the outcome. */
  abort(reason?: unknown): void
}

export interface ChatStreamSetup {
  readonly provider: Provider
  readonly request: TransportRequest
  /** Aborts the request's own signal. */
  readonly over: AbortController
  readonly tally: Tally
  readonly timeouts: Timeouts
  readonly signal: AbortSignal | undefined
  readonly transport: (patience: Patience) => Transport
  readonly firstWait: 'connect' | 'headers'
  readonly limits: { readonly maxEventSize: number; readonly maxAnswerSize: number; readonly flushLastEvent: boolean }
}

export function createChatStream(setup: ChatStreamSetup): ChatStream {
  const { provider, request, over, tally, signal } = setup
  const secrets = secretsIn(request.headers)
  const queue = createQueue<LlmEvent>()
  const patience = createPatience(setup.timeouts, fail)
  const transport = setup.transport(patience)
  const exchange = createExchange({ provider, request, transport, tally, patience, ...setup.limits })
  const stopTotal = startTotal(setup.timeouts, fail)
  let outcome: Outcome | undefined
  let resolve: (outcome: Outcome) => void = () => {}
  const settled = new Promise<Outcome>((done) => {
    resolve = done
  })
  let iterated = false

  function settle(error?: LlmError): void {
    if (outcome) return
    outcome = tally.outcome(error)
    stopTotal()
    signal?.removeEventListener('abort', obey)
    resolve(outcome)
  }

  /** The end of it: whoever waits is told, whatever is open is closed, in this tick. */
  function fail(cause: LlmError): void {
    if (outcome) return
    const error = redacted(cause, secrets, tally.meter.begun)
    settle(error)
    patience.interrupt(error)
    over.abort(error)
  }

  function abort(reason?: unknown): void {
    queue.clear()
    fail(new LlmError('LLM_ABORTED', 'the answer was aborted', { cause: reason, retryable: false }))
  }

  const obey = () => abort(signal?.reason)

  /** One wait further. The outcome and several `next()` at a time may want it: they share the step. */
  const advance = shared(async () => {
    if (outcome) return
    try {
      if (await exchange.advance(take)) return
      settle()
      exchange.drain(() => over.abort())
    } catch (error) {
      fail(error as LlmError)
    }
  })

  function take(event: LlmEvent): void {
    if (outcome) return
    tally.take(event)
    queue.add(event)
  }

  async function readThrough(): Promise<void> {
    while (!outcome && !iterated) await advance()
  }

  patience.start('firstToken')
  patience.start(setup.firstWait)
  signal?.addEventListener('abort', obey, { once: true })
  if (signal?.aborted) obey()
  void advance()

  return {
    get outcome() {
      void readThrough()
      return settled
    },
    abort,
    [Symbol.asyncIterator]() {
      if (iterated) throw new TypeError('an answer is iterated once')
      iterated = true
      return iterate({ queue, outcome: () => outcome, advance, abort })
    },
    async [Symbol.asyncDispose]() {
      abort(new Error('the answer was disposed of before its end'))
    },
  }
}
