import { encodeEvent } from './encode.ts'
import type { Session } from './session.ts'
import type { Subscription } from './subscription.ts'

/** How a channel ends. */
export interface EndOptions {
  /** The reconnection time to tell every client last, in milliseconds. Default: say nothing. */
  readonly retry?: number
  /** Adds a random number of milliseconds up to this to each `retry`, so that not all come back at once. Default 0. */
  readonly spread?: number
  /** When it aborts, whoever has not read to the end is cut off, and `end` rejects with its reason. */
  readonly signal?: AbortSignal
}

/** The last words to a session: when to come back. Everything before them leaves first. */
export type Farewell = (session: Session) => Promise<void>

/** @throws RangeError for a `retry` or `spread` that is no whole number of milliseconds */
export function farewellOf({ retry, spread = 0 }: EndOptions): Farewell {
  encodeEvent({ retry: spread }) // refused now, not when the first session ends
  if (retry === undefined) return (session) => session.end()
  encodeEvent({ retry })
  encodeEvent({ retry: retry + spread })
  return (session) => {
    session.push(encodeEvent({ retry: retry + Math.floor(Math.random() * (spread + 1)) }))
    return session.end()
  }
}

/** When to say it, and how long to wait. */
interface Ending {
  /** Whether this happens in the middle of a publish: then the event must not be kept from those who are still to get it. */
  readonly isDelivering: boolean
  readonly signal: AbortSignal | undefined
}

/** Says farewell to all of them, and waits until they are closed or the signal has aborted them. */
export async function endAll(
  subscriptions: ReadonlyMap<Session, Subscription>,
  farewell: Farewell,
  { isDelivering, signal }: Ending,
): Promise<void> {
  if (isDelivering) await null
  for (const { held } of subscriptions.values()) held?.release()
  const sessions = [...subscriptions.keys()]
  let late = false
  const cut = () => {
    late = true
    for (const session of sessions) session.abort(signal?.reason)
  }
  const closed = Promise.all(sessions.map(farewell))
  if (signal?.aborted) cut()
  signal?.addEventListener('abort', cut, { once: true })
  await closed
  signal?.removeEventListener('abort', cut)
  if (late) throw signal?.reason
}
