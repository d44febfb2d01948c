import type { EncodedEvent } from './encode.ts'
import { joinEvents } from './join-events.ts'
import type { Counts } from './metrics.ts'
import { SinkSession } from './sink-session.ts'
import type { Subscription } from './subscription.ts'
import { currentTurn } from './turn.ts'

/** When so many bytes are owed, they are written at once. */
const BLOCK_SIZE = 64 * 1024

/**
 * What one turn of the event loop publishes, for the sessions that are level with the channel: joined once for all of them,
 * and written to each as one block when the turn is over.
 *
 * Nobody can tell. Whoever asks such a session anything, or has it write, has it given first what it is owed; and a reader
 * who may be behind is looked at event by event, as if there were no blocks.
 */
export interface TurnBlocks {
  /** Whether this session can wait for the end of a turn. From now on it is owed what is published. */
  add(to: Subscription): boolean
  remove(to: Subscription): void
  /** Takes what was published last. */
  take(event: EncodedEvent): void
  /** Sees to it that what was taken is written. */
  deliver(): void
  /** Writes now what this session is owed. */
  settle(to: Subscription): void
  /** Writes now what all of them are owed. */
  settleAll(): void
}

/** `limit` is how many bytes may wait for a reader before its policy has to be asked; `deliverOne` asks it. */
export function createTurnBlocks(
  limit: number,
  counts: Counts,
  deliverOne: (to: Subscription, event: EncodedEvent) => void,
): TurnBlocks {
  const level = new Set<Subscription>() // of sessions of ours: `add` has seen to it
  const owed: EncodedEvent[] = []
  let size = 0
  let block: Uint8Array | undefined // all that is owed, joined
  let isEnding = false
  let isSettling = false

  function settle(to: Subscription): void {
    if (level.has(to)) settleOne(to)
  }

  function settleOne(to: Subscription): void {
    const late = counts.published - to.heard
    if (late === 0) return
    to.heard = counts.published // first: writing may call somebody who looks at this session
    if (late === owed.length && isGivenAll(to)) {
      counts.sent += late
      to.passed = 0
    } else for (const event of owed.slice(-late)) if (level.has(to)) deliverOne(to, event)
  }

  function isGivenAll({ held, session }: Subscription): boolean {
    if (held !== undefined && held.size > 0) return false
    block ??= joinEvents(owed, size)
    return (session as SinkSession).pushWithin(block, limit)
  }

  function settleAll(): void {
    if (isSettling) return
    isSettling = true
    for (let given = -1; given !== counts.published; ) {
      given = counts.published
      for (const to of level) settleOne(to) // who hears of an event may publish another
    }
    isSettling = false
    owed.length = 0
    size = 0
    block = undefined
  }

  function endTurn(): void {
    isEnding = false
    settleAll()
  }

  return {
    add(to) {
      const { session, wants } = to
      const waits = limit >= 0 && wants === undefined && session instanceof SinkSession && session.owe(to)
      if (waits) level.add(to)
      return waits
    },
    remove(to) {
      if (level.delete(to)) (to.session as SinkSession).forgive(to)
    },
    take(event) {
      if (level.size === 0) return
      owed.push(event)
      size += event.bytes.length
      block = undefined
    },
    deliver() {
      if (size >= BLOCK_SIZE) settleAll()
      else if (size > 0 && !isEnding) {
        isEnding = true
        currentTurn() // which begins here, and not when it is written
        queueMicrotask(endTurn)
      }
    },
    settle,
    settleAll,
  }
}
