import type { EncodedEvent, OutgoingEvent } from './encode.ts'
import type { EventHistory } from './history.ts'
import { disconnectAbove, type SlowConsumerPolicy } from './policy.ts'
import type { Session } from './session.ts'
import { timerMilliseconds } from './session-options.ts'

/** What a channel remembers, what it does about readers that are behind, and who is told. */
export interface ChannelOptions extends ChannelHooks {
  /** Replays what a returning client missed, and gives every event without an id one. Default: none. */
  readonly history?: EventHistory
  /** What to do about a reader that is behind. Default: hang up above 1 MiB. An error thrown here aborts the session. */
  readonly slowConsumer?: SlowConsumerPolicy
  /** Makes ids for events that come without. Default: unique in this process, and not reused by the next. */
  readonly nextId?: () => string
  /** Milliseconds one answer of an asynchronous history may take: `SSE_HISTORY_FAILED`. Default 10 000; 0 for no limit. */
  readonly historyTimeout?: number
}

/**
 * Called as it happens, in the middle of things: take a note and return. An error thrown by any but the last aborts the
 * session it was about.
 */
export interface ChannelHooks {
  /** A returning client has missed more than the history holds. Send it a snapshot. */
  readonly onGap?: (session: Session, lastEventId: string) => void
  /** A session has subscribed, and has not been sent anything yet. */
  readonly onSubscribe?: (session: Session) => void
  /** A returning client has been sent what it missed: so many events. */
  readonly onReplay?: (session: Session, events: number) => void
  /** An event is not sent to a reader that is behind, by decision of the policy. */
  readonly onDrop?: (session: Session, event: EncodedEvent) => void
  /** A session is not subscribed any more; if that is because it is over, `session.signal.reason` says why. */
  readonly onUnsubscribe?: (session: Session) => void
}

/** An event for those who listen to its topic. */
export interface ChannelEvent extends OutgoingEvent {
  /** Who is meant, by {@link SubscribeOptions.topics}. Not sent. Without one the event is for everybody. */
  readonly topic?: string
}

/** The options with every default filled in. */
export type ChannelSettings = Required<Omit<ChannelOptions, 'history'>> & Pick<ChannelOptions, 'history'>

const ONE_MEBIBYTE = 1024 * 1024
const nothing = () => {}

/** @throws RangeError for a `historyTimeout` no timer could use */
export function channelSettings(options: ChannelOptions): ChannelSettings {
  const {
    slowConsumer = disconnectAbove(ONE_MEBIBYTE),
    nextId = countFrom(Date.now()),
    historyTimeout = 10_000,
  } = options
  return {
    onGap: nothing,
    onSubscribe: nothing,
    onReplay: nothing,
    onDrop: nothing,
    onUnsubscribe: nothing,
    ...options,
    slowConsumer,
    nextId,
    historyTimeout: timerMilliseconds('historyTimeout', historyTimeout),
  }
}

/** Ids that a restarted server does not use again. */
function countFrom(epoch: number): () => string {
  let count = 0
  return () => `${epoch.toString(36)}-${++count}`
}
