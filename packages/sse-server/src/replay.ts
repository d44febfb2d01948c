import { type Asked, ask, isLater } from './ask-history.ts'
import { type EncodedEvent, encodeEvent } from './encode.ts'
import type { Session } from './session.ts'
import type { Subscription } from './subscription.ts'

/** How many bytes of the past may wait for a reader before we wait for it. */
const REPLAY_AHEAD = 64 * 1024

/** Called with the id of an event that is being published. */
export type Doorbell = (id: string | undefined) => void

export interface Replay extends Asked {
  readonly wants: Subscription['wants']
  /** Whether the session still wants to hear. */
  readonly isWanted: () => boolean
  /** The id of the newest event published so far. */
  readonly newest: () => string | undefined
  /** Rings once, at the next event that is published. */
  readonly listen: (ring: Doorbell) => void
  readonly onGap: (lastEventId: string) => void
  readonly onSent: () => void
  /** Called in the same breath as the last missed event: nothing can be published in between. */
  readonly onLevel: () => void
}

/**
 * Sends what a session missed since `lastEventId`, at the pace it reads, until it is level with the publisher.
 * Resolves with how many events that were; with undefined if it was not wanted to the end.
 *
 * What is published meanwhile is in the history and found there, so a long absence costs no more memory than a short
 * one, and no slow-consumer policy hangs up on a client for what it missed while it was away. A short replay from
 * memory never waits: the session is live when this returns its promise.
 */
// A store on the other side of a network is never known to be level with us: what it answers is old when it arrives,
// and the client may come from a process that was ahead of this one. So until an event is published here that is the
// last one told, what is published is only a reason to ask again. Nothing is compared but ids, and they may be any.
export async function replay(session: Session, lastEventId: string, options: Replay): Promise<number | undefined> {
  const { newest, isWanted, onGap, onLevel } = options
  const told: Told = { place: lastEventId, marked: lastEventId, events: 0 }
  let ahead: ReadonlySet<string | undefined> = new Set()
  for (;;) {
    const before = newest()
    const answer = ask(session, told.place, options)
    const missed = isLater(answer) ? await answer : answer
    if (!isWanted()) return undefined
    if (missed === undefined) {
      onGap(told.place)
      break
    }
    for (const event of missed) {
      const wait = tell(session, event, told, options)
      if (wait !== undefined) await wait
      if (!isWanted()) return undefined
    }
    if (missed.length > 0) {
      ahead = new Set(missed.map(({ id }) => id))
      continue // a history may answer in parts
    }
    mark(session, told)
    if (!isLater(answer) || newest() === told.place) break
    if (newest() === before && (await untilNews(told.place, ahead, options)) === 'level') return told.events
  }
  onLevel()
  return told.events
}

/** How far a session has been told: by events it wants, and by those it does not. */
interface Told {
  place: string
  /** The Last-Event-ID its client has now. */
  marked: string
  events: number
}

function tell(session: Session, event: EncodedEvent, told: Told, options: Replay): Promise<void> | undefined {
  told.place = event.id ?? told.place
  if (options.wants?.(event) === false) return undefined
  told.marked = told.place
  told.events++
  options.onSent()
  if (session.unsent > REPLAY_AHEAD) return session.send(event)
  session.push(event)
  return undefined
}

/** The last events were nothing for this client, but it need not ask for them again. */
function mark(session: Session, told: Told): void {
  if (told.marked !== told.place) session.push(encodeEvent({ id: told.place }))
  told.marked = told.place
}

/** Waits for an event that may be new to this client. If it is the last one told, the two are level from there on. */
function untilNews(
  place: string,
  ahead: ReadonlySet<string | undefined>,
  { listen, onLevel }: Replay,
): Promise<'level' | 'news'> {
  return new Promise((resolve) => {
    const ring: Doorbell = (id) => {
      if (id === place) {
        onLevel()
        resolve('level')
      } else if (ahead.has(id)) listen(ring)
      else resolve('news')
    }
    listen(ring)
  })
}
