import { type Dial, dial as dialDirectly } from '@sse-from-scratch/http-raw'
import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import { type Clock, systemClock } from '@sse-from-scratch/llm-stream/simulator'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { createAnswerCount } from '../answer-count.ts'
import { createHostRewriter } from '../proxy/host-rewriter.ts'
import { clientIn, type RecordedClient } from './recorded-client.ts'
import { checkedSpeed } from './serve-recording.ts'

/** How fast to ask, and over what. */
export interface ReplayRequestsOptions {
  /** 1, the default, is as it was, 4 is four times as fast, 0 without any pauses. */
  readonly speed?: number
  /** Whose time it is. Default: the system's. */
  readonly clock?: Clock
  /** How the target is reached. Wrap it to record or to watch. Default: directly. */
  readonly dial?: Dial
  readonly signal?: AbortSignal
}

/**
 * Replays a recording as the client: opens its connections again, sends each what went up then, in the same pieces and
 * each as long after the connection as it was, and ends it in the same way. A request that came behind an answer waits for
 * as many answers, however long they take now. Resolves when all connections are over.
 *
 * Only the Host field is another. Credentials are the stars of the recording: a target that wants some refuses.
 *
 * Rejects with a TypeError for a recording in which nothing goes up, or something of it is missing (a gap); with a
 * RangeError for a speed that is none; with the error of the first connection that fails; and when `signal` aborts.
 */
export async function replayRequests(
  { entries }: Recording,
  target: string | URL,
  options: ReplayRequestsOptions = {},
): Promise<void> {
  const { clock = systemClock, dial = dialDirectly, signal } = options
  const speed = checkedSpeed(options.speed ?? 1)
  const url = new URL(target)
  const connections = [...new Set(entries.map(({ connection }) => connection))]
  const parts = connections
    .map((connection) => clientIn(entries.filter((entry) => entry.connection === connection)))
    .filter(({ lines }) => lines.length > 0)
  if (parts.length === 0) throw new TypeError('nothing goes up in the recording')
  const began = clock.now()
  const until = (at: number, signal: AbortSignal) =>
    clock.sleep(speed === 0 ? 0 : Math.max(began + at / speed - clock.now(), 0), signal)

  const failed = new AbortController()
  const never = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])])
  await Promise.all(
    parts.map(async (part) => {
      await until(part.openAt, never)
      const connection = await dial(url, { signal: never })
      await play(part, connection, createHostRewriter(url.host), until)
    }),
  ).catch((error: unknown) => {
    failed.abort(error)
    throw error
  })
}

async function play(
  { lines, answers }: RecordedClient,
  connection: Connection,
  rewrite: (bytes: Uint8Array) => readonly Uint8Array[],
  until: (at: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const now = createAnswerCount()
  let isOpen = true // for the server

  async function readUntil(count: number): Promise<void> {
    while (isOpen && now.count < count) {
      const bytes = await connection.read()
      if (bytes === null) isOpen = false
      else now.answered(bytes)
    }
  }

  for (const line of lines) {
    await readUntil(line.answers)
    await until(line.at, connection.signal)
    if (line.does === 'rst') return connection.abort()
    if (line.does === 'fin') await connection.end()
    else {
      now.asked(line.does)
      await connection.write(...rewrite(line.does))
    }
  }
  await readUntil(answers)
  const left = lines.at(-1)?.does === 'fin'
  if (left) await readUntil(Number.POSITIVE_INFINITY)
  await connection[Symbol.asyncDispose]()
}
