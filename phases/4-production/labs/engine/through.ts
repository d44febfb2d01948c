import { type ClientOptions, watchStream } from './client.ts'
import { type Hop, startHops } from './hops.ts'
import { watchHttp2 } from './http2-client.ts'
import type { Setup } from './lab.ts'
import { startOrigin } from './origin.ts'
import { type Script, steady } from './script.ts'
import type { Watched } from './watched.ts'

/** What a stream was at its server, and what it was at the client. */
export interface Stream extends Watched {
  /** In which version the server was asked. */
  readonly asked: string
  /** When each event was sent. */
  readonly sent: readonly number[]
  /** When the server ended the stream, or broke it off. */
  readonly doneAt: number
  /** When the server learned that nobody listens any more. */
  readonly goneAt: number | undefined
  /** What the hops wrote about trouble. */
  readonly errorLog: string
}

/** A stream through hops, the first of them next to the client. */
export interface StreamSetup {
  readonly name: string
  readonly hops: readonly Hop[]
  readonly isRepair?: boolean
  /** What the server does, in words: shown with the configuration where it is what matters. */
  readonly server?: string
  readonly script?: Script
  readonly client?: Partial<ClientOptions>
}

/** A row of the table: one stream. */
export function through(setup: StreamSetup): Setup<Stream> {
  const { name, hops, isRepair = false, server, script = steady(), client = {} } = setup
  const configs = hops.map(({ program, config }) => `${program}:\n${config.replaceAll(/^/gm, '  ')}`)
  return {
    name,
    isRepair,
    config: [...configs, ...(server === undefined ? [] : [`the server: ${server}`])].join('\n'),
    programs: hops.map(({ program }) => program),
    canImitate: hops.every(({ imitation }) => imitation !== undefined),
    async measure({ imitate }) {
      await using origin = await startOrigin(script)
      const watch = client.isHttp2 ? watchHttp2 : watchStream
      const started = await startHops(hops, origin.port, imitate)
      try {
        const port = started[0]?.port ?? origin.port
        const watched = await watch({ port, onEvents: origin.sawEvents, ...client })
        if (watched.end === 'left') await origin.finished()
        const { asked, sent, goneAt, doneAt = Number.POSITIVE_INFINITY } = origin
        const logs = await Promise.all(started.map(async ({ errorLog }) => (await errorLog?.()) ?? ''))
        return { ...watched, asked: asked[0] ?? '', sent, goneAt, doneAt, errorLog: logs.join('') }
      } finally {
        for (const hop of started) await hop[Symbol.asyncDispose]()
      }
    },
  }
}

/** How many events were seen only when a later one, or the end, had been sent. */
export function heldEvents({ sent, seen, doneAt }: Stream): number {
  return sent.filter((_, nth) => (seen[nth] ?? Number.POSITIVE_INFINITY) > (sent[nth + 1] ?? doneAt)).length
}

/** Milliseconds from sent to seen, of the event that was quickest; infinite when none was seen. */
export function quickest({ sent, seen }: Stream): number {
  return Math.min(...seen.map((at, nth) => at - (sent[nth] ?? 0)))
}

/** Milliseconds from the request to the head. */
export function headAfter({ headAt, askedAt }: Stream): number {
  return headAt === undefined ? Number.POSITIVE_INFINITY : headAt - askedAt
}

/** What the tables show of streams. */
export const COLUMNS = {
  asked: ({ asked }: Stream): string => asked,
  'head after': (stream: Stream): string => ms(headAfter(stream)),
  'first event after': ({ seen, sent }: Stream): string => ms((seen[0] ?? Number.NaN) - (sent[0] ?? 0)),
  'quickest event': (stream: Stream): string => ms(quickest(stream)),
  held: (stream: Stream): string => `${heldEvents(stream)} of ${stream.sent.length}`,
  'events seen': ({ seen }: Stream): string => `${seen.length}`,
  events: ({ seen, sent }: Stream): string => `${seen.length} of ${sent.length}`,
  bursts: ({ bursts }: Stream): string => `${bursts}`,
  sizes: ({ sizes }: Stream): string => (sizes.length === 0 ? 'none' : shortened(sizes)),
  end: ({ end }: Stream): string => end,
} as const

function shortened(sizes: readonly string[]): string {
  return sizes.length > 6 ? `${sizes.slice(0, 5).join(' ')} … ${sizes.at(-1)}` : sizes.join(' ')
}

/** A time for people. */
export function ms(time: number): string {
  return Number.isFinite(time) ? `${time < 10 ? time.toFixed(1) : Math.round(time)} ms` : 'never'
}

/** Some of them, in this order. */
export function columns(...names: readonly (keyof typeof COLUMNS)[]): Record<string, (stream: Stream) => string> {
  return Object.fromEntries(names.map((name) => [name, COLUMNS[name]]))
}
