import type { Session } from './session.ts'
import { SinkSession } from './sink-session.ts'
import { SignalStop, type Stop } from './stop.ts'

/** How to hear that nothing more is written, without making the session's signal if it is one of ours. */
export function stopOf(session: Session): Stop {
  if (session instanceof SinkSession) return session.stop
  const { signal }: Partial<Session> = Object(session) // types are gone when a program runs
  if (!(signal instanceof AbortSignal)) throw new TypeError('not a session')
  return new SignalStop(signal)
}

/** Has a session given what any channel owes it: that may hang up on it, and whoever deals with it next must see that. */
export function settle(session: Session): void {
  if (session instanceof SinkSession) session.settle()
}
