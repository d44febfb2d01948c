import { LlmError } from './errors.ts'
import type { LlmEvent } from './events.ts'
import type { Exchange } from './exchange.ts'
import { createHeldEvents } from './held-events.ts'
import type { Patience } from './patience.ts'
import { pause } from './pause.ts'
import type { RetryInfo, RetryPolicy } from './retry.ts'
import type { Tally } from './tally.ts'

export interface AttemptsSetup {
  /** Makes an exchange that ends when the signal aborts. */
  readonly createExchange: (signal: AbortSignal) => Exchange
  readonly policy: RetryPolicy
  readonly onRetry: (info: RetryInfo) => void
  /** What is waited for first. */
  readonly firstWait: 'connect' | 'headers'
  readonly patience: Patience
  readonly tally: Tally
  /** The error as it may be shown. */
  readonly clean: (error: LlmError) => LlmError
}

/** One exchange, and the next one, as long as nothing has come and it is worth trying. */
export interface Attempts {
  /** One wait further, as `Exchange.advance`; the wait before the next attempt is one, too. */
  advance(emit: (event: LlmEvent) => void): Promise<boolean>
  /** Hands out what an attempt has said before its first content: there will be no other. */
  release(emit: (event: LlmEvent) => void): void
  /** The error that ends it; of one that came too late for another attempt, with what was wrong with the last one. */
  afterAll(error: LlmError): LlmError
  drain(): void
  /** Closes what is open, in this tick; there may be a next attempt. */
  giveUp(reason: unknown): void
  /** Closes what is open, in this tick, and that is the end of it. */
  abort(reason: unknown): void
}

export function createAttempts(setup: AttemptsSetup): Attempts {
  const { patience, tally } = setup
  const held = createHeldEvents()
  let controller = new AbortController()
  let exchange: Exchange | undefined
  let lastError: LlmError | undefined
  let aborted = false

  function begin(): Exchange {
    tally.attempts++
    patience.start(setup.firstWait)
    return setup.createExchange(controller.signal)
  }

  /** Waits until it is time for the next attempt; throws the error if there is none. */
  async function giveWay(error: LlmError): Promise<void> {
    for (const wait of ['connect', 'headers', 'idle', 'progress'] as const) patience.stop(wait)
    controller.abort(error)
    const delay = held.released || aborted ? undefined : setup.policy(error, tally.attempts)
    if (delay === undefined) throw error
    held.drop()
    exchange = undefined
    controller = new AbortController()
    lastError = setup.clean(error)
    tell({ attempt: tally.attempts, delay, error: lastError })
    await patience.during(() => pause(delay, controller.signal))
  }

  function tell(info: RetryInfo): void {
    try {
      setup.onRetry(info)
    } catch (cause) {
      throw new LlmError('LLM_ABORTED', 'retry.onRetry has thrown', { cause, retryable: false })
    }
  }

  return {
    async advance(emit) {
      try {
        exchange ??= begin()
        const more = await exchange.advance(held.released ? emit : (event) => held.take(event, emit))
        if (!more) held.release(emit)
        return more
      } catch (error) {
        await giveWay(error as LlmError)
        return true
      }
    },
    release: held.release,
    afterAll(error) {
      if (lastError === undefined || error.code !== 'LLM_TIMEOUT') return error
      return new LlmError(error.code, `${error.message}; before that: ${lastError.message}`, { cause: lastError })
    },
    drain() {
      const last = controller
      exchange?.drain(() => last.abort())
    },
    giveUp: (reason) => controller.abort(reason),
    abort(reason) {
      aborted = true
      controller.abort(reason)
    },
  }
}
