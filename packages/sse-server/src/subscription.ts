import type { EncodedEvent } from './encode.ts'
import type { HeldEvents } from './held.ts'
import type { Session } from './session.ts'

/** What a session wants to hear, live and replayed. Default: everything. */
export interface SubscribeOptions {
  /** Events of these topics, and events without one. */
  readonly topics?: readonly string[]
  /** Events for which this is true. It is asked for every event: keep it cheap. An error thrown here aborts the session. */
  readonly filter?: (event: EncodedEvent) => boolean
}

/** One session on one channel. */
export interface Subscription {
  readonly session: Session
  readonly unsubscribe: () => void
  /** Whether the session wants to hear of it; undefined for one that wants everything. */
  readonly wants: ((event: EncodedEvent) => boolean) | undefined
  /** How many events had been published when it went live: those it has heard of. */
  joined: number
  /** How many events have passed it by since it last knew where the channel is. */
  passed: number
  /** What waits until it has caught up, each replacing the one before it. Most readers never need it. */
  held: HeldEvents | undefined
}

export function createSubscription(
  session: Session,
  choice: SubscribeOptions,
  leave: (subscription: Subscription) => void,
): Subscription {
  const subscription: Subscription = {
    session,
    unsubscribe: () => leave(subscription),
    wants: wantsOf(choice),
    joined: 0,
    passed: 0,
    held: undefined,
  }
  return subscription
}

/** The two ways to be choosy, as one question. */
function wantsOf({ topics, filter }: SubscribeOptions): Subscription['wants'] {
  if (topics === undefined) return filter
  const chosen = new Set(topics)
  return (event) => (event.topic === undefined || chosen.has(event.topic)) && (filter === undefined || filter(event))
}
