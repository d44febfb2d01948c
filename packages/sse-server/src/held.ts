import type { EncodedEvent } from './encode.ts'
import { tooSlow } from './errors.ts'
import type { Session } from './session.ts'

/** How many bytes may be held for one reader: a key for every event would hold them all. */
const HELD_AT_MOST = 1024 * 1024

/** The latest event of each key, for a reader that is behind. It gets them as soon as it reads again, oldest first. */
export interface HeldEvents {
  readonly size: number
  /** Keeps this one and forgets the one of the same key, which is returned. */
  hold(key: string, event: EncodedEvent): EncodedEvent | undefined
  /** Writes all of them now. */
  release(): void
  forget(): void
}

export function createHeld(session: Session, onSent: () => void): HeldEvents {
  const events = new Map<string, EncodedEvent>() // keeps the order of insertion, and with it that of the ids
  let bytes = 0
  let waiting = false

  function take(key: string): EncodedEvent | undefined {
    const event = events.get(key)
    events.delete(key)
    bytes -= event?.bytes.length ?? 0
    return event
  }

  function takeOldest(): EncodedEvent | undefined {
    for (const key of events.keys()) return take(key)
    return undefined
  }

  /** Sends one after the other: `send` is how to wait for a reader, and has a deadline. */
  async function catchUp(): Promise<void> {
    waiting = true
    for (let event = takeOldest(); event; event = takeOldest()) {
      onSent()
      await session.send(event)
    }
    waiting = false
  }

  return {
    get size() {
      return events.size
    },
    hold(key, event) {
      const replaced = take(key)
      events.set(key, event)
      bytes += event.bytes.length
      if (bytes > HELD_AT_MOST) session.abort(tooSlow(session.unsent + bytes))
      else if (!waiting) catchUp().catch(() => {}) // it rejects when the session is over: nothing is left to do
      return replaced
    },
    release() {
      for (let event = takeOldest(); event; event = takeOldest()) {
        onSent()
        session.push(event)
      }
    },
    forget() {
      events.clear()
      bytes = 0
    },
  }
}
