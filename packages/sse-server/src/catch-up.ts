import type { ChannelSettings } from './channel-options.ts'
import type { Counts } from './metrics.ts'
import { type Doorbell, replay } from './replay.ts'
import type { Session } from './session.ts'
import type { Subscription } from './subscription.ts'

/** Those who hear the past of a channel before its present. */
export interface CatchUp {
  /** Sends the past, if there is one for this session, and then calls `onLevel`. */
  start(to: Subscription, isWanted: () => boolean, onLevel: () => void): void
  /** An event with this id is being published. */
  rang(id: string | undefined): void
  forget(to: Subscription): void
}

export function createCatchUp(settings: ChannelSettings, counts: Counts): CatchUp {
  const { history, historyTimeout, onGap, onReplay } = settings
  const met = new WeakSet<Session>() // who has had its replay: what it missed by unsubscribing, it did not want
  const doorbells = new Map<Subscription, Doorbell>()
  let newest: string | undefined

  return {
    start(to, isWanted, onLevel) {
      const { session, wants } = to
      const { lastEventId } = session
      if (!history || lastEventId === undefined || met.has(session)) return onLevel()
      met.add(session)
      replay(session, lastEventId, {
        history,
        timeout: historyTimeout,
        wants,
        isWanted,
        newest: () => newest,
        listen: (ring) => doorbells.set(to, ring),
        onGap(id) {
          counts.gaps++
          onGap(session, id)
        },
        onSent: () => counts.replayed++,
        onLevel: () => isWanted() && onLevel(),
      })
        .then((events) => events !== undefined && onReplay(session, events))
        .catch((reason: unknown) => session.abort(reason))
    },
    rang(id) {
      if (id) newest = id
      if (doorbells.size === 0) return
      const rings = [...doorbells.values()]
      doorbells.clear() // who wants to hear the next one too says so
      for (const ring of rings) ring(id)
    },
    forget(to) {
      doorbells.delete(to)
    },
  }
}
