/**
 * A Redis stream as the history of any number of processes. Whoever has something to say adds it to the stream; every
 * process reads the stream from one end and publishes what comes; a client that returns, to whichever process, is told
 * what is between its last id and the end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, type ChannelEvent, type EventHistory, encodeEvent } from '@sse-from-scratch/sse-server'
import { type Redis, RedisError, type Reply } from './resp.ts'

/** Events the stream keeps, more or less: Redis trims whole blocks. */
const KEPT = 10_000
/** Events in one answer. */
const PAGE = 200
const STREAM_ID = /^\d{1,20}-\d{1,20}$/

/** Adds an event for everybody, in every process, and gives it its id. */
export async function add(
  redis: Redis,
  key: string,
  { event = '', data = '', topic = '' }: ChannelEvent,
): Promise<string> {
  const fields = ['event', event, 'data', data, 'topic', topic]
  return String(await redis.command('XADD', key, 'MAXLEN', '~', String(KEPT), '*', ...fields))
}

/** The stream as a channel's memory. */
export function redisHistory(redis: Redis, key: string): EventHistory {
  return {
    append() {}, // what the channel publishes was read from the stream
    async after(id) {
      if (!STREAM_ID.test(id)) return undefined // not one of ours
      const entries = await redis.command('XRANGE', key, id, '+', 'COUNT', String(PAGE + 1)).catch(refused)
      const [first, ...missed] = eventsIn(entries)
      if (first?.id !== id) return undefined // trimmed, with we do not know how many behind it
      return missed.map((event) => ({ ...encodeEvent(event), ...(event.topic && { topic: event.topic }) }))
    },
  }
}

/** An id out of the range of numbers: somebody made it up. */
function refused(error: unknown): Reply {
  if (error instanceof RedisError && error.message.includes('Invalid stream ID')) return []
  throw error
}

export interface FollowOptions {
  /** Makes a connection of its own: it is busy waiting. Asked again when it is lost. */
  readonly connect: () => Promise<Redis>
  readonly key: string
  readonly signal: AbortSignal
  readonly onError?: (error: unknown) => void
}

/**
 * Publishes on `channel` what is added to the stream from now on, until the signal aborts. Resolves when it has found its place in
 * the stream; a lost connection is made again, and nothing is skipped.
 */
export async function follow(channel: Channel, options: FollowOptions): Promise<{ readonly stopped: Promise<void> }> {
  const { connect, key } = options
  const redis = await connect()
  const [newest] = eventsIn(await redis.command('XREVRANGE', key, '+', '-', 'COUNT', '1'))
  return { stopped: keepReading(channel, redis, newest?.id ?? '0-0', options) }
}

async function keepReading(channel: Channel, first: Redis, from: string, options: FollowOptions): Promise<void> {
  const { connect, key, signal, onError = () => {} } = options
  let redis: Redis | undefined = first
  let last = from
  const stop = () => redis?.close()
  signal.addEventListener('abort', stop, { once: true })
  while (!signal.aborted) {
    try {
      redis ??= await connect()
      signal.throwIfAborted()
      const reply = await redis.command('XREAD', 'COUNT', String(PAGE), 'BLOCK', '5000', 'STREAMS', key, last)
      const [[, entries = []] = []] = (reply ?? []) as readonly (readonly Reply[])[]
      for (const event of eventsIn(entries)) {
        last = event.id
        channel.publish(event)
      }
    } catch (error) {
      redis?.close()
      redis = undefined
      if (signal.aborted) return
      onError(error)
      await sleep(200, undefined, { signal }).catch(() => {})
    }
  }
  stop()
}

/** Entries are `[id, [name, value, name, value, …]]`. */
function eventsIn(entries: Reply): (ChannelEvent & { readonly id: string })[] {
  return ((entries ?? []) as readonly (readonly [string, readonly string[]])[]).map(([id, fields]) => {
    const field = (name: string) => fields[fields.indexOf(name) + 1] ?? ''
    const [event, topic] = [field('event'), field('topic')]
    return { id, data: field('data'), ...(event && { event }), ...(topic && { topic }) }
  })
}
