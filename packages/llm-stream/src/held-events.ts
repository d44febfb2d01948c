import type { LlmEvent } from './events.ts'
import { isToken } from './meter.ts'

/** Events without content that an attempt may have before it is believed to be the one. */
const MAX_HELD = 64

/** What a stream says before its first content: it is handed out only when it will not be taken back. */
export interface HeldEvents {
  /** Whether events have been handed out: from then on, there is no other attempt. */
  readonly released: boolean
  take(event: LlmEvent, emit: (event: LlmEvent) => void): void
  /** Hands out what is held: there will be no other attempt. */
  release(emit: (event: LlmEvent) => void): void
  /** Forgets what is held. */
  drop(): void
}

export function createHeldEvents(): HeldEvents {
  let held: LlmEvent[] = []
  let released = false

  function release(emit: (event: LlmEvent) => void): void {
    released ||= held.length > 0
    for (const event of held) emit(event)
    held = []
  }

  return {
    get released() {
      return released
    },
    take(event, emit) {
      if (!released) held.push(event)
      else emit(event)
      if (isToken(event) || held.length > MAX_HELD) release(emit)
    },
    release,
    drop() {
      held = []
    },
  }
}
