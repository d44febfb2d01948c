import { encodeComment } from './encode.ts'
import { letGo } from './timers.ts'

/** What {@link stopHeartbeat} stops; `undefined` if there was none to start. */
export type Heartbeat = ReturnType<typeof setInterval> | undefined

/** Tells the client nothing; but the path stays open, and we hear when it is not (HTML §9.2.7). */
const COMMENT: Uint8Array = encodeComment().bytes

/** Whom it beats for. */
interface Writer {
  readonly unsent: number
  push(bytes: Uint8Array): void
}

/** Every so many milliseconds until stopped; 0 is never. */
export function startHeartbeat(writer: Writer, milliseconds: number): Heartbeat {
  if (milliseconds === 0) return undefined
  const timer = setInterval(beat, milliseconds, writer)
  letGo(timer)
  return timer
}

export function stopHeartbeat(heartbeat: Heartbeat): void {
  clearInterval(heartbeat)
}

/** Bytes that wait already say that we are here. */
function beat(writer: Writer): void {
  if (writer.unsent === 0) writer.push(COMMENT)
}
