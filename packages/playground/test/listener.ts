import { createSession, type EventSink, type Session } from '@sse-from-scratch/sse-server'

export interface Listener {
  readonly session: Session
  /** All it was sent. */
  readonly text: () => string
  readonly leave: () => void
}

/** A session that remembers what it was sent, and says it is as far behind as we like. */
export function listener(unsent = 0): Listener {
  const gone = new AbortController()
  let text = ''
  const sink: EventSink = {
    write: (bytes) => {
      text += Buffer.from(bytes)
    },
    end: () => {},
    abort: (reason) => gone.abort(reason),
    unsent,
    signal: gone.signal,
  }
  return { session: createSession(sink, { heartbeat: 0 }), text: () => text, leave: () => gone.abort() }
}
