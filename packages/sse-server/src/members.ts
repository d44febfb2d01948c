import type { CatchUp } from './catch-up.ts'
import type { ChannelSettings } from './channel-options.ts'
import { SessionError } from './errors.ts'
import type { Farewell } from './farewell.ts'
import type { Live } from './live.ts'
import type { Counts } from './metrics.ts'
import { settle, stopOf } from './of-session.ts'
import type { Session } from './session.ts'
import { type Membership, type SubscribeOptions, Subscription } from './subscription.ts'

/** Who is subscribed to a channel: each session once, from `subscribe` until it unsubscribes or is over. */
export interface Members {
  readonly subscriptions: ReadonlyMap<Session, Subscription>
  /** Takes a session in, and returns how to leave. */
  add(session: Session, choice?: SubscribeOptions): () => void
  /** Writes now what all of them are owed, by whatever channel: that may hang up on some. */
  settle(): void
}

/** `farewell` says how to send away who comes after the end of the channel. */
export function createMembers(
  { onSubscribe, onUnsubscribe }: ChannelSettings,
  counts: Counts,
  live: Live,
  catchUp: CatchUp,
  farewell: () => Farewell | undefined,
): Members {
  const subscriptions = new Map<Session, Subscription>()
  const membership: Membership = { leave, settle: live.settle }

  function join(to: Subscription): void {
    const isWanted = () => subscriptions.get(to.session) === to
    catchUp.start(to, isWanted, () => live.add(to))
  }

  function leave(to: Subscription): void {
    const { session } = to
    const stop = stopOf(session)
    if (!stop.stopped) settle(session)
    to.isOver = true
    stop.offStop(to.unsubscribe)
    if (subscriptions.get(session) !== to) return
    subscriptions.delete(session)
    live.remove(to)
    catchUp.forget(to)
    to.held?.forget()
    if (stop.reason instanceof SessionError && stop.reason.code === 'SSE_READER_TOO_SLOW') counts.disconnected++
    onUnsubscribe(session)
  }

  function arrive(to: Subscription): void {
    const { session } = to
    try {
      onSubscribe(session)
      const leaveTaking = farewell()
      if (leaveTaking) void leaveTaking(session)
      else join(to)
    } catch (mistake) {
      session.abort(mistake)
    }
  }

  return {
    subscriptions,
    add(session, choice = {}) {
      settle(session)
      const known = subscriptions.get(session)
      if (known) return known.unsubscribe
      const stop = stopOf(session)
      const to = new Subscription(session, choice, membership)
      if (stop.stopped) return to.unsubscribe
      subscriptions.set(session, to)
      stop.onStop(to.unsubscribe)
      arrive(to)
      return to.unsubscribe
    },
    settle() {
      live.settleAll()
      for (const session of subscriptions.keys()) settle(session)
    },
  }
}
