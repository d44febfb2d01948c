import { randomFrom } from '@sse-from-scratch/testkit'
import type { Traffic } from './line.ts'
import { poll, pollLong } from './polling.ts'
import { compareProxies, type ProxyRow } from './proxies.ts'
import { publishMany } from './publish.ts'
import type { Settings } from './settings.ts'
import { listenToEvents } from './sse.ts'
import { type Contestant, rest, type Stage, startStage } from './stage.ts'
import { account, difference, perUnit, quantile } from './statistics.ts'
import { listenToMessages, listenToMessagesById } from './websocket.ts'

/** What one transport did. */
export interface DirectRow {
  readonly name: string
  /** From publish to delivery, beyond which there was nothing but loopback. */
  readonly latency: { readonly p50: number; readonly p99: number }
  /** All bytes of the quiet part over its ticks, heads and frames included. */
  readonly bytesPerEvent: Traffic
  readonly requestsPer100Events: number
  readonly missed: number
  readonly doubled: number
  /** From a cut to the next tick that was heard. */
  readonly recovery: { readonly median: number; readonly max: number }
  readonly silencePerMinute: Traffic
}

/** A tick that was heard: when, and how long after it was published. */
export interface Arrival {
  readonly at: number
  readonly late: number
}

/** What was published and heard around the first cut, in milliseconds from it. */
export interface Timeline {
  readonly from: number
  readonly to: number
  readonly published: readonly number[]
  readonly lanes: readonly {
    readonly name: string
    readonly heard: readonly Arrival[]
    /** When the ticks were published that this one never heard. */
    readonly missed: readonly number[]
  }[]
}

/** All of it. */
export interface Report {
  readonly settings: Settings
  readonly published: number
  readonly direct: readonly DirectRow[]
  readonly proxies: readonly ProxyRow[] | undefined
  readonly timeline: Timeline
}

/** Who takes part, in the order of the tables. */
export const CONTESTANTS: readonly Contestant[] = [
  { name: 'SSE', listen: listenToEvents },
  { name: 'WebSocket', listen: listenToMessages },
  { name: 'WebSocket, resuming by id', listen: listenToMessagesById },
  { name: 'long polling', listen: pollLong },
  { name: 'polling', listen: poll },
]

/** Ticks in front of each cut, so that there is something to be up to date with. */
export const EVENTS_BEFORE_CUT = 5

/** Lets everybody hear the same ticks: in peace, over cut lines, in silence, and through nginx. */
export async function compare(settings: Settings): Promise<Report> {
  const direct = await compareDirectly(settings)
  const proxies = settings.nginx ? await compareProxies(settings) : undefined
  return { settings: { ...settings }, ...direct, proxies }
}

async function compareDirectly(settings: Settings): Promise<Omit<Report, 'settings' | 'proxies'>> {
  const { events, cuts, eventsAfterCut, silence, heartbeat, patience, onProgress = () => {} } = settings
  const random = randomFrom(settings.seed)
  const stage = await startStage({ ...settings, contestants: CONTESTANTS, random, hold: heartbeat })
  try {
    const atFirst = look(stage)
    onProgress(`${events} ticks`)
    await publishMany(stage, events, settings.interval, random)
    await stage.settle(patience)
    const afterEvents = look(stage)

    const cutAt: number[] = []
    for (let i = 1; i <= cuts; i++) {
      onProgress(`cut ${i} of ${cuts}`)
      await rest(random() * settings.pollInterval) // everybody is up to date now, because polling has just been
      await publishMany(stage, EVENTS_BEFORE_CUT, settings.interval, random)
      stage.publish() // it leaves the server, and is lost on its way
      stage.cut()
      cutAt.push(performance.now())
      stage.publish() // nobody is there to hear it
      await publishMany(stage, eventsAfterCut, settings.interval, random)
      await stage.settle(patience)
    }

    onProgress('silence')
    const beforeSilence = look(stage)
    await rest(silence)
    const afterSilence = look(stage)

    const published = stage.publishedAt.length - 1
    const direct = stage.lanes.map((lane, i): DirectRow => {
      const [first, then, before, after] = [atFirst[i], afterEvents[i], beforeSilence[i], afterSilence[i]] as [
        Look,
        Look,
        Look,
        Look,
      ]
      const late = lane.heard.filter(({ id }) => id <= events).map(({ id, at }) => at - (stage.publishedAt[id] ?? 0))
      const recoveries = cutAt.map((cut) => (lane.heard.find(({ at }) => at > cut)?.at ?? Number.NaN) - cut)
      return {
        name: lane.name,
        latency: { p50: quantile(late, 0.5), p99: quantile(late, 0.99) },
        bytesPerEvent: perUnit(difference(then.traffic, first.traffic), events),
        requestsPer100Events: Math.round(((then.requests - first.requests) / events) * 100),
        ...account(lane.heard, published),
        recovery: { median: quantile(recoveries, 0.5), max: Math.max(...recoveries) },
        silencePerMinute: perUnit(difference(after.traffic, before.traffic), silence / 60_000),
      }
    })
    return { published, direct, timeline: timelineAround(cutAt[0] ?? Number.NaN, stage, settings) }
  } finally {
    await stage[Symbol.asyncDispose]()
  }
}

interface Look {
  readonly traffic: Traffic
  readonly requests: number
}

function look({ lanes }: Stage): Look[] {
  return lanes.map(({ line, requests }) => ({ traffic: line.traffic, requests }))
}

function timelineAround(cut: number, { lanes, publishedAt }: Stage, { interval }: Settings): Timeline {
  const [from, to] = [-6 * interval, 14 * interval]
  const ids = [...publishedAt.keys()].filter((id) => isWithin((publishedAt[id] ?? Number.NaN) - cut))
  const published = (id: number) => (publishedAt[id] ?? Number.NaN) - cut
  return {
    from,
    to,
    published: ids.map(published),
    lanes: lanes.map(({ name, heard }) => ({
      name,
      heard: heard
        .map(({ id, at }) => ({ at: at - cut, late: at - cut - published(id) }))
        .filter(({ at }) => isWithin(at)),
      missed: ids.filter((id) => !heard.some((other) => other.id === id)).map(published),
    })),
  }

  function isWithin(at: number): boolean {
    return at >= from && at <= to
  }
}
