import { type EncodedEvent, encodeEvent, type Session } from '@sse-from-scratch/sse-server'

/** Bytes of events one log keeps for those who come late or come back. */
export const LOG_SIZE: number = 2 * 1024 * 1024

/** Bytes a listener may be behind before it is hung up on: a whole log, told at once, and some more. */
export const LISTENER_BACKLOG: number = LOG_SIZE + 1024 * 1024

/** Everything one stream said, so that a listener who comes late, or comes back, hears all of it once. */
export interface EventLog {
  /** Adds an event under the next id and hands it to all listeners. What does not fit in {@link LOG_SIZE} is not kept. */
  append(event: string, data: unknown): void
  /** The same for one of the last words, which are always kept: who comes back must hear that it is over. */
  conclude(event: string, data: unknown): void
  /** Whether the log is finished and has nothing for who has heard `lastEventId`. */
  isOver(lastEventId: string): boolean
  /**
   * Hands `session` what came after `lastEventId` (all of it, without one), then everything from now on.
   * Resolves when there is no more to come, or nobody to hear it. Ending the session is the caller's business.
   */
  attach(session: Session, lastEventId?: string): Promise<void>
  /** Nothing more will come. */
  finish(): void
  readonly finished: boolean
  /** The id of the latest event; that of number 0 before there is one. */
  readonly lastId: string
  /** How many are listening. */
  readonly size: number
}

/**
 * Ids are `<name>.<n>`, counted from 1: an id says which log it belongs to.
 *
 * `onDeserted` is called when the last listener of an unfinished log leaves, `onHeard` when one comes to it.
 */
export function createEventLog(
  name: string,
  onDeserted: () => void = () => {},
  onHeard: () => void = () => {},
): EventLog {
  const events: { readonly number: number; readonly encoded: EncodedEvent }[] = []
  const listeners = new Map<Session, () => void>() // and how to tell each that it is over
  let size = 0
  let count = 0
  let finished = false

  /** How many events whoever brings this id has heard; 0 for an id of another log. */
  function numberIn(id: string): number {
    const [, number] = id.startsWith(`${name}.`) ? id.split('.') : []
    return /^\d+$/.test(number ?? '') ? Number(number) : 0
  }

  function after(id: string): typeof events {
    const heard = numberIn(id)
    return events.filter(({ number }) => number > heard)
  }

  function tell(event: string, data: unknown): EncodedEvent {
    count++
    const encoded = encodeEvent({ event, id: `${name}.${count}`, data: JSON.stringify(data) })
    for (const session of listeners.keys()) deliver(session, encoded)
    return encoded
  }

  function deliver(session: Session, event: EncodedEvent): void {
    if (session.unsent > LISTENER_BACKLOG) session.abort(new Error('the listener is too far behind'))
    else session.push(event)
  }

  function leave(session: Session): void {
    listeners.get(session)?.()
    if (listeners.delete(session) && listeners.size === 0 && !finished) onDeserted()
  }

  return {
    get finished() {
      return finished
    },
    get lastId() {
      return `${name}.${count}`
    },
    get size() {
      return listeners.size
    },
    append(event, data) {
      const encoded = tell(event, data)
      size += encoded.bytes.length
      if (size <= LOG_SIZE) events.push({ number: count, encoded })
    },
    conclude(event, data) {
      events.push({ number: count + 1, encoded: tell(event, data) })
    },
    isOver: (lastEventId) => finished && after(lastEventId).length === 0,
    async attach(session, lastEventId = '') {
      for (const { encoded } of after(lastEventId)) deliver(session, encoded)
      // No await between the replay and here: no event can slip through or arrive twice.
      if (finished) return
      await new Promise<void>((resolve) => {
        listeners.set(session, resolve)
        onHeard()
        session.signal.addEventListener('abort', () => leave(session), { once: true })
        if (session.signal.aborted) leave(session)
      })
    },
    finish() {
      finished = true
      for (const over of listeners.values()) over()
      listeners.clear()
    },
  }
}
