import type { EncodedEvent } from './encode.ts'
import type { HeldEvents } from './held.ts'
import type { Session } from './session.ts'
import type { Debt } from './sink-session.ts'

/** What a session wants to hear, live and replayed. Default: everything. */
export interface SubscribeOptions {
  /** Events of these topics, and events without one. */
  readonly topics?: readonly string[]
  /** Events for which this is true. It is asked for every event: keep it cheap. An error thrown here aborts the session. */
  readonly filter?: (event: EncodedEvent) => boolean
}

/** The channel, as its subscriptions know it. */
export interface Membership {
  leave(subscription: Subscription): void
  settle(subscription: Subscription): void
}

/** One session on one channel. A class: a channel holds thousands. */
export class Subscription implements Debt {
  readonly session: Session
  /** Whether the session wants to hear of it; undefined for one that wants everything. */
  readonly wants: ((event: EncodedEvent) => boolean) | undefined
  /** How many events had been published when it went live, or was last given some: those it has heard of. */
  heard: number = 0
  /** How many events have passed it by since it last knew where the channel is. */
  passed: number = 0
  /** Whether it has left. Writing what another channel owes the same session may hang up on it. */
  isOver: boolean = false
  /** What waits until it has caught up, each replacing the one before it. Most readers never need it. */
  held: HeldEvents | undefined
  readonly #membership: Membership
  readonly unsubscribe = (): void => this.#membership.leave(this)

  constructor(session: Session, choice: SubscribeOptions, membership: Membership) {
    this.session = session
    this.wants = wantsOf(choice)
    this.#membership = membership
  }

  settle(): void {
    this.#membership.settle(this)
  }
}

/** The two ways to be choosy, as one question. */
function wantsOf({ topics, filter }: SubscribeOptions): Subscription['wants'] {
  if (topics === undefined) return filter
  const chosen = new Set(topics)
  return (event) => (event.topic === undefined || chosen.has(event.topic)) && (filter === undefined || filter(event))
}
