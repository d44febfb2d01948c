import { createAttempts } from './attempts.ts'
import { LlmError } from './errors.ts'
import type { Answering } from './event-iterator.ts'
import type { LlmEvent } from './events.ts'
import { createExchange, type UnsentRequest } from './exchange.ts'
import { createOnce } from './once.ts'
import type { Network } from './open-chat.ts'
import type { Outcome } from './outcome.ts'
import { createPatience } from './patience.ts'
import type { Provider } from './provider.ts'
import { createQueue } from './queue.ts'
import type { RetryInfo, RetryPolicy } from './retry.ts'
import { redacted, secretsOf } from './secrets.ts'
import { shared } from './shared.ts'
import type { Tally } from './tally.ts'
import { startTotal, type Timeouts, type Wait } from './timeouts.ts'

export interface AnsweringSetup {
  readonly provider: Provider
  readonly request: UnsentRequest
  readonly tally: Tally
  readonly timeouts: Timeouts
  readonly policy: RetryPolicy
  readonly onRetry: (info: RetryInfo) => void
  readonly signal: AbortSignal | undefined
  readonly network: Network
  readonly limits: { readonly maxEventSize: number; readonly maxAnswerSize: number; readonly flushLastEvent: boolean }
}

/** An answer under way, and the promise of how it will have gone. */
export interface StartedAnswering extends Answering {
  /** Never rejects. */
  readonly settled: Promise<Outcome>
  abort(reason: unknown): void
}

/** Sends the request; what comes is read only as far as somebody advances. */
export function startAnswering(setup: AnsweringSetup): StartedAnswering {
  const { provider, request, network, tally, signal } = setup
  const clean = (error: LlmError) => redacted(error, secretsOf(request), tally.meter.begun)
  const queue = createQueue<LlmEvent>()
  const patience = createPatience(setup.timeouts, late)
  const transport = network.transport(request, { connected, abort })
  const attempts = createAttempts({
    createExchange: (signal) =>
      createExchange({ provider, request: { ...request, signal }, transport, tally, patience, ...setup.limits }),
    policy: setup.policy,
    onRetry: setup.onRetry,
    firstWait: network.firstWait,
    patience,
    tally,
    clean,
  })
  const stopTotal = startTotal(setup.timeouts, fail)
  const outcome = createOnce<Outcome>()

  function connected(): void {
    tally.meter.connected()
    patience.stop('connect')
    patience.start('headers')
  }

  function settle(error?: LlmError): void {
    if (outcome.value) return
    outcome.set(tally.outcome(error))
    stopTotal()
    patience.end()
    signal?.removeEventListener('abort', obey)
  }

  /** The end of it: whoever waits is told, whatever is open is closed, in this tick. */
  function fail(cause: LlmError): void {
    if (outcome.value) return
    attempts.release(take)
    const error = clean(attempts.afterAll(cause))
    settle(error)
    attempts.abort(error)
    patience.interrupt(error)
  }

  /** `firstToken` is for all attempts together; any other limit is for the one under way. */
  function late(error: LlmError, wait: Wait): void {
    if (wait === 'firstToken') return void fail(error)
    patience.interrupt(error)
    attempts.giveUp(error)
  }

  function abort(reason?: unknown): void {
    attempts.release(take)
    queue.clear()
    fail(new LlmError('LLM_ABORTED', 'the answer was aborted', { cause: reason, retryable: false }))
  }

  const obey = () => abort(signal?.reason)

  /** One wait further. The outcome and several `next()` at a time may want it: they share the step. */
  const advance = shared(async () => {
    if (outcome.value) return
    try {
      if (await attempts.advance(take)) return
      settle()
      attempts.drain()
    } catch (error) {
      fail(error as LlmError)
    }
  })

  function take(event: LlmEvent): void {
    if (outcome.value) return
    tally.take(event)
    queue.add(event)
  }

  patience.start('firstToken')
  signal?.addEventListener('abort', obey, { once: true })
  if (signal?.aborted) obey()
  void advance()
  return { queue, outcome: () => outcome.value, settled: outcome.promise, advance, abort }
}
