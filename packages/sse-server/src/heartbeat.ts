import { type EncodedEvent, encodeComment } from './encode.ts'
import type { Session } from './session.ts'
import { letGo } from './timers.ts'

/** What {@link stopHeartbeat} stops; `undefined` if there was none to start. */
export type Heartbeat = ReturnType<typeof setInterval> | undefined

/** Tells the client nothing; but the path stays open, and we hear when it is not (HTML §9.2.7). */
const COMMENT: EncodedEvent = encodeComment()

/** Every so many milliseconds until stopped; 0 is never. */
export function startHeartbeat(session: Session, milliseconds: number): Heartbeat {
  if (milliseconds === 0) return undefined
  const timer = setInterval(beat, milliseconds, session)
  letGo(timer)
  return timer
}

export function stopHeartbeat(heartbeat: Heartbeat): void {
  clearInterval(heartbeat)
}

/** Bytes that wait already say that we are here. */
function beat(session: Session): void {
  if (session.unsent === 0) session.push(COMMENT)
}
