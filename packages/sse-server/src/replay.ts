import type { EventHistory } from './history.ts'
import type { Session } from './session.ts'

/** How many bytes of the past may wait for a reader before we wait for it. */
const REPLAY_AHEAD = 64 * 1024

export interface Replay {
  readonly history: EventHistory
  /** Whether the session still wants to hear. */
  readonly wanted: () => boolean
  readonly onGap: (session: Session, lastEventId: string) => void
  /** Called in the same breath as the last missed event: nothing can be published in between. */
  readonly onLevel: () => void
}

/**
 * Sends what a session missed since `lastEventId`, at the pace it reads, until it is level with the publisher.
 *
 * What is published meanwhile is in the history and found there, so a long absence costs no more memory than a short
 * one, and no slow-consumer policy hangs up on a client for what it missed while it was away. A short replay never
 * waits: it is done when this returns its promise.
 */
export async function replay(session: Session, lastEventId: string, options: Replay): Promise<void> {
  const { history, wanted, onGap, onLevel } = options
  let heard = lastEventId
  for (let missed = history.after(heard); missed?.length !== 0; missed = history.after(heard)) {
    if (missed === undefined) {
      onGap(session, heard)
      break
    }
    for (const event of missed) {
      if (session.unsent > REPLAY_AHEAD) await session.send(event)
      else session.push(event)
      if (!wanted()) return
      heard = event.id ?? heard
    }
  }
  onLevel()
}
