import { randomFrom, startNginx } from '@sse-from-scratch/testkit'
import { poll, pollLong } from './polling.ts'
import { publishMany } from './publish.ts'
import type { Settings } from './settings.ts'
import { listenToBufferedEvents, listenToEvents } from './sse.ts'
import { type Contestant, rest, type Stage, startStage } from './stage.ts'
import { account, quantile } from './statistics.ts'
import { listenToMessagesById } from './websocket.ts'

/** What came through nginx, for one transport and one configuration. */
export interface ProxyResult {
  /** Ticks heard while we waited, of how many. */
  readonly heard: number
  readonly published: number
  /** Median of publish to delivery, in milliseconds; NaN when nothing came. */
  readonly latency: number
  readonly requests: number
  /** What the client last complained about, if it did. */
  readonly trouble: string | undefined
}

export interface ProxyRow {
  readonly name: string
  readonly results: Readonly<Record<ProxyCase, ProxyResult>>
}

/** The configurations, in the order of the table. */
export const PROXY_CASES = ['stock', 'fitted', 'silent', 'silent with heartbeats'] as const
export type ProxyCase = (typeof PROXY_CASES)[number]

/** Who goes through nginx. */
export const PROXY_CONTESTANTS: readonly Contestant[] = [
  { name: 'SSE', listen: listenToEvents },
  { name: 'SSE without X-Accel-Buffering', listen: listenToBufferedEvents },
  { name: 'WebSocket, resuming by id', listen: listenToMessagesById },
  { name: 'long polling', listen: pollLong },
  { name: 'polling', listen: poll },
]

/** What nginx needs to hear to let everything through: HTTP/1.1 to the server, no buffering, and the two Upgrade fields. */
export const FITTED = {
  http: 'map $http_upgrade $connection_upgrade { default upgrade; "" ""; }',
  location: `proxy_http_version 1.1; proxy_buffering off;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;`,
}

const READ_TIMEOUT = 1 // second, the least nginx counts in; its default is 60
const SILENCE = 2500 // milliseconds
const OFTEN = 400 // milliseconds between two heartbeats: inside the second
const EVENTS = 20
const TIME_TO_COME = 1500 // milliseconds

/**
 * Each configuration has an nginx, a server and a ticker of its own; all four run at a time.
 *
 * @param timeToCome milliseconds to wait for what may be held back, and for those who cannot connect
 */
export async function compareProxies(settings: Settings, timeToCome = TIME_TO_COME): Promise<ProxyRow[]> {
  const { onProgress = () => {} } = settings
  onProgress('nginx')
  const timed = { ...FITTED, location: `${FITTED.location} proxy_read_timeout ${READ_TIMEOUT}s;` }
  const interval = Math.min(settings.interval, 50)
  const many = (stage: Stage, random: () => number) => publishMany(stage, EVENTS, interval, random)
  const plays = [
    { config: {}, heartbeat: 0, play: many },
    { config: FITTED, heartbeat: 0, play: many },
    { config: timed, heartbeat: 0, play: publishAroundSilence },
    { config: timed, heartbeat: OFTEN, play: publishAroundSilence },
  ]
  const results = await Promise.all(plays.map((one) => perform({ ...settings, patience: timeToCome }, one)))
  return PROXY_CONTESTANTS.map(({ name }, i) => ({
    name,
    results: Object.fromEntries(
      PROXY_CASES.map((proxyCase, j) => [proxyCase, results[j]?.[i]]),
    ) as unknown as ProxyRow['results'],
  }))
}

interface Play {
  readonly config: { readonly http?: string; readonly location?: string }
  readonly heartbeat: number
  readonly play: (stage: Stage, random: () => number) => Promise<void>
}

/** One nginx, one play, one result for everybody. */
async function perform(settings: Settings, { config, heartbeat, play }: Play): Promise<ProxyResult[]> {
  const random = randomFrom(settings.seed)
  const stage = await startStage({
    ...settings,
    contestants: PROXY_CONTESTANTS,
    random,
    heartbeat,
    hold: heartbeat || 4 * SILENCE,
    through: (upstream) => startNginx({ upstream, ...config }),
  })
  try {
    await play(stage, random)
    await stage.settle(settings.patience)
    const published = stage.publishedAt.length - 1
    return stage.lanes.map(({ heard, requests, troubles }) => ({
      heard: published - account(heard, published).missed,
      published,
      latency: quantile(
        heard.map(({ id, at }) => at - (stage.publishedAt[id] ?? 0)),
        0.5,
      ),
      requests,
      trouble: troubles.at(-1),
    }))
  } finally {
    await stage[Symbol.asyncDispose]()
  }
}

async function publishAroundSilence(stage: Stage): Promise<void> {
  stage.publish()
  await rest(SILENCE)
  stage.publish()
}
