import type { LlmError } from './errors.ts'
import type { LlmEvent } from './events.ts'
import { createFold } from './fold.ts'
import { createMeter, type Meter } from './meter.ts'
import type { Outcome } from './outcome.ts'
import type { Chat } from './provider.ts'
import type { RateLimit } from './rate-limit.ts'
import { estimateUsage } from './usage-estimate.ts'

/** Everything an outcome is made of, while it comes in. */
export interface Tally {
  readonly meter: Meter
  rateLimit: RateLimit | undefined
  /** Requests sent so far. */
  attempts: number
  take(event: LlmEvent): void
  outcome(error: LlmError | undefined): Outcome
}

export function createTally(chat: Chat): Tally {
  const meter = createMeter()
  const fold = createFold()
  let begun = false // whether the model has been at work: then there is something to pay for
  const tally: Tally = {
    meter,
    rateLimit: undefined,
    attempts: 0,
    take(event) {
      begun = true
      meter.event(event)
      fold.take(event)
    },
    outcome(error) {
      const { outputSize, usage: said, ...answer } = fold.answer()
      const usage = error === undefined || !begun ? said : estimateUsage(chat, said, outputSize)
      return {
        complete: error === undefined,
        error,
        ...answer,
        usage,
        metrics: meter.metrics(usage),
        rateLimit: tally.rateLimit,
        attempts: tally.attempts,
      }
    },
  }
  return tally
}
