import { chunked } from '@sse-from-scratch/chunked'
import { createRequestDecoder, type RequestHead } from '@sse-from-scratch/http-raw'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Recording } from '../recording.ts'
import { type Clock, systemClock } from './pace.ts'
import { exchangesIn, type RecordedExchange } from './recorded-exchange.ts'

/**
 * Serves connections with what was recorded: the same bytes in the same pieces, each as long after the request as it was,
 * `speed` times as fast.
 *
 * A request gets the next answer to one with its method and target, else the next of all; behind the last comes the first.
 *
 * @throws TypeError for a recording that cannot be replayed
 */
export function createReplay(
  recording: Recording,
  speed = 1,
  clock: Clock = systemClock,
): (connection: Connection) => Promise<void> {
  const next = inTurn(exchangesIn(recording))
  return async (connection) => {
    for (let head = await readRequest(connection); head !== null; head = await readRequest(connection)) {
      const exchange = next(`${head.method} ${head.target}`)
      await play(exchange, connection, speed, clock)
      if (exchange.end.kind !== 'open') return
    }
  }
}

function inTurn(exchanges: readonly RecordedExchange[]): (asked: string) => RecordedExchange {
  const counts = new Map<string, number>()
  const known = new Set(exchanges.map(({ asked }) => asked)) // the counts are of these, so clients cannot make them many
  return (asked) => {
    const key = known.has(asked) ? asked : ''
    const fitting = key === '' ? exchanges : exchanges.filter((exchange) => exchange.asked === key)
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    return fitting[count % fitting.length] as RecordedExchange
  }
}

/** One request, read to its end; `null` when there is none any more. */
async function readRequest(connection: Connection): Promise<RequestHead | null> {
  const decoder = createRequestDecoder({ transferCodings: [chunked] })
  let head: RequestHead | null = null
  let whole = false
  while (!whole) {
    const bytes = await connection.read()
    if (bytes === null) return null
    const taken = decoder.push(bytes, (event) => {
      if (event.kind === 'head') head = event.head
      if (event.kind === 'end') whole = true
    })
    if (taken < bytes.length) connection.unread(bytes.subarray(taken))
  }
  return head
}

async function play(
  { replies, end }: RecordedExchange,
  connection: Connection,
  speed: number,
  { now, sleep }: Clock,
): Promise<void> {
  const began = now()
  const until = (after: number) =>
    sleep(speed === 0 ? 0 : Math.max(began + after / speed - now(), 0), connection.signal)
  for (const { after, bytes } of replies) {
    await until(after)
    await connection.write(bytes)
  }
  if (end.kind === 'open') return
  await until(end.after)
  if (end.kind === 'rst') connection.abort()
  if (end.kind === 'fin') await connection.end()
  if (end.kind !== 'rst') while ((await connection.read()) !== null) {} // the client is the one to leave
}
