import type { ChannelSettings } from './channel-options.ts'
import { type EncodedEvent, encodeEvent } from './encode.ts'
import { tooSlow } from './errors.ts'
import { createHeld } from './held.ts'
import type { Counts } from './metrics.ts'
import type { Subscription } from './subscription.ts'

/** A reader that wants none of what is published is told this often where the channel is. */
const PASSED_AT_MOST = 100

/** Decides what becomes of one event for one reader, and does it. Never waits, never throws. */
export function createDelivery(
  { history, slowConsumer, onDrop }: ChannelSettings,
  counts: Counts,
): (to: Subscription, event: EncodedEvent) => void {
  let mark: EncodedEvent | undefined

  function send(to: Subscription, event: EncodedEvent): void {
    to.held?.release() // what is older goes first
    to.passed = 0
    counts.sent++
    to.session.push(event)
  }

  function drop({ session }: Subscription, event: EncodedEvent): void {
    counts.dropped++
    onDrop(session, event)
  }

  function hold(to: Subscription, key: string, event: EncodedEvent): void {
    to.held ??= createHeld(to.session, () => counts.sent++)
    const replaced = to.held.hold(key, event)
    if (replaced) drop(to, replaced)
  }

  /**
   * An id without data moves a client's Last-Event-ID and nothing else (HTML §9.2.6). Without it, who hears one event
   * in a thousand would come back with an id that the history has long forgotten.
   */
  function pass(to: Subscription, { id }: EncodedEvent): void {
    if (!history || !id || ++to.passed < PASSED_AT_MOST) return
    if (to.held?.size || to.session.unsent > 0) return // an id ahead of events that wait would lose them
    to.passed = 0
    if (mark?.id !== id) mark = encodeEvent({ id })
    to.session.push(mark)
  }

  return (to, event) => {
    try {
      if (to.wants?.(event) === false) return pass(to, event)
      const verdict = slowConsumer(to.session, event)
      if (to.isOver) return
      if (verdict === 'send') send(to, event)
      else if (verdict === 'skip') drop(to, event)
      else if (verdict === 'disconnect') to.session.abort(tooSlow(to.session.unsent))
      else hold(to, verdict.hold, event)
    } catch (mistake) {
      to.session.abort(mistake) // the client comes back and misses nothing; going on without the event would lose it
    }
  }
}
