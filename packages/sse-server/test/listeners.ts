import {
  type Channel,
  type ChannelOptions,
  createChannel,
  createHistory,
  createSession,
  type Session,
} from '@sse-from-scratch/sse-server'
import { type MemorySink, memorySink } from './memory-sink.ts'
import { dispatch } from './reference-reader.ts'

/** A session whose reader is the test. */
export interface Listener {
  readonly sink: MemorySink
  readonly session: Session
  /** The data of every event so far. */
  readonly heard: string[]
  /** The Last-Event-ID its client would come back with. */
  readonly place: string
}

export function listener({ lastEventId, room }: { lastEventId?: string; room?: number } = {}): Listener {
  const sink = memorySink(room === undefined ? {} : { room })
  const session = createSession(sink, { heartbeat: 0, ...(lastEventId !== undefined && { lastEventId }) })
  return {
    sink,
    session,
    get heard() {
      return dispatch(sink.text).map(({ data }) => data)
    },
    get place() {
      return [...sink.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? lastEventId ?? ''
    },
  }
}

/** Sessions ask for the end of a turn when something is written, so theirs comes before ours. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** A channel whose ids are 1, 2, 3, … */
export function channelWithHistory(capacity = 100, options: ChannelOptions = {}): Channel {
  let id = 0
  return createChannel({ history: createHistory(capacity), nextId: () => `${++id}`, ...options })
}
