import { createChannel, createHistory, type Session } from '@sse-from-scratch/sse-server'
import { createChanges } from './changes.ts'
import type { WebTap } from './shown.ts'

/** What open pages hear. */
export interface News {
  /** Something has come: they hear of it, together with what comes within a moment. */
  changed(): void
  /** A page that comes for the first time is told to ask for everything; one that comes back hears what it missed. */
  tellOf(session: Session): void
  end(): Promise<void>
}

/** Milliseconds for which changes are gathered: a page draws no faster than that needs. */
const GATHERED = 50

/** Events that are remembered for a page that lost the line; one that missed more asks for everything again. */
const REMEMBERED = 256

/**
 * Each event has an id, also the `reset` with which a page begins, so that there is always a place from which it can go on:
 * `reset` says why, `new` or `gap`.
 */
export function createNews(taps: readonly WebTap[]): News {
  const channel = createChannel({
    history: createHistory(REMEMBERED),
    onSubscribe: (session) => session.lastEventId === undefined && reset(session, 'new'),
    onGap: (session) => reset(session, 'gap'),
  })
  const changes = taps.map((_, tap) => createChanges(tap))
  let latest = channel.publish({ event: 'begin', data: '' })
  let gathering: NodeJS.Timeout | undefined

  /** What is there already, pages ask for. */
  for (const [tap, { exchanges }] of taps.entries()) changes[tap]?.(exchanges)

  function reset(session: Session, why: 'new' | 'gap'): void {
    session.send({ event: 'reset', data: why, ...(latest.id !== undefined && { id: latest.id }) }).catch(() => {})
  }

  function tell(): void {
    gathering = undefined
    for (const [tap, { exchanges }] of taps.entries()) {
      for (const { kind, ...change } of changes[tap]?.(exchanges) ?? []) {
        latest = channel.publish({ event: kind, data: JSON.stringify(change) })
      }
    }
  }

  return {
    changed() {
      gathering ??= setTimeout(tell, GATHERED)
    },
    tellOf: channel.subscribe,
    end() {
      clearTimeout(gathering)
      return channel.end()
    },
  }
}
