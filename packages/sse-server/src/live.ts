import type { ChannelSettings } from './channel-options.ts'
import { createDelivery } from './delivery.ts'
import type { EncodedEvent } from './encode.ts'
import type { Counts } from './metrics.ts'
import { limitOf } from './policy.ts'
import type { Subscription } from './subscription.ts'
import { createTurnBlocks } from './turn-blocks.ts'

/** Those who hear an event when it is published: the present of a channel. */
export interface Live {
  /** Takes somebody in who has heard of everything published so far. */
  add(to: Subscription): void
  remove(to: Subscription): void
  /** Counts an event as published. */
  take(event: EncodedEvent): void
  /** Hands out what was taken. */
  deliver(): void
  /** Writes now what one of them, or all, would be given at the end of the turn. */
  settle(to: Subscription): void
  settleAll(): void
  /** Whether this is in the middle of handing out. */
  readonly isDelivering: boolean
}

export function createLive(settings: ChannelSettings, counts: Counts): Live {
  const deliver = createDelivery(settings, counts)
  const blocks = createTurnBlocks(limitOf(settings.slowConsumer), counts, deliver)
  const prompt = new Set<Subscription>() // those who are asked for each event, or have a sink that wants every write
  const outbox: { readonly number: number; readonly event: EncodedEvent }[] = []
  let isDelivering = false

  // Hanging up calls listeners, and those may publish or subscribe. So a publish within a publish waits its turn, or
  // the second event would overtake the first; and who subscribed after an event was published is past it already.
  function deliverAll(): void {
    isDelivering = true
    for (const { number, event } of outbox) {
      for (const to of prompt) if (number > to.heard) deliver(to, event)
    }
    outbox.length = 0
    isDelivering = false
  }

  return {
    get isDelivering() {
      return isDelivering
    },
    add(to) {
      to.heard = counts.published
      if (!blocks.add(to)) prompt.add(to)
    },
    remove(to) {
      prompt.delete(to)
      blocks.remove(to)
    },
    take(event) {
      outbox.push({ number: ++counts.published, event })
      blocks.take(event)
    },
    deliver() {
      if (!isDelivering) deliverAll()
      blocks.deliver()
    },
    settle: blocks.settle,
    settleAll: blocks.settleAll,
  }
}
