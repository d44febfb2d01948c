import { type Dial, type DialOptions, dial as dialDirectly, type FieldsInit } from '@sse-from-scratch/http-raw'
import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { type Diagnosis, diagnose } from '../diagnose/index.ts'
import { createExplainer } from '../proxy/explainer.ts'
import type { Item } from '../proxy/item.ts'
import { recordConnection } from '../recording/record-connection.ts'
import { createRecorder } from '../recording/recorder.ts'
import { createTimeline, type Exchange } from '../timeline/index.ts'
import { readAnswer } from './read-answer.ts'
import { requestFor } from './request-for.ts'

/** What to ask, and how long. Times are milliseconds. */
export interface ProbeOptions {
  /** Default GET, with a body POST. */
  readonly method?: string
  /** Host, Accept, User-Agent and Content-Length are added, unless they are given. */
  readonly fields?: FieldsInit
  readonly body?: string
  /** How long the answer is looked at; one that goes on is left then. Default 60,000. */
  readonly time?: number
  /** Until the server, its TLS included, is there. Default 10,000. */
  readonly connectTimeout?: number
  readonly tls?: DialOptions['tls']
  readonly dial?: Dial
  /** Leaves it, and what was seen until then is the result. */
  readonly signal?: AbortSignal
  /** Told of all there is, as it comes. Credentials are stars. */
  readonly onItem?: (item: Item) => void
  /** Told of each read, for a recording. Credentials are stars. */
  readonly onMasked?: (entry: RecordedRead) => void
}

/** What a probe saw. */
export interface Probed {
  readonly exchange: Exchange
  readonly diagnoses: readonly Diagnosis[]
  /** Whether it was still going on when its time was over: that the probe left is no fault of anybody. */
  readonly left: boolean
}

/**
 * Asks a server for one answer, as a client without opinions: no redirects, nothing decoded, no byte refused. It sees every
 * read, and needs no proxy for it.
 *
 * @throws TypeError for a URL that is neither `http:` nor `https:`, and for fields or a method that cannot be sent
 * @throws TcpError when the server cannot be reached
 */
export async function probe(url: string | URL, options: ProbeOptions = {}): Promise<Probed> {
  const { time = 60_000, signal, dial = dialDirectly, connectTimeout = 10_000, tls } = options
  const target = new URL(url)
  const request = requestFor(target, options)
  const timeline = createTimeline()
  const explainer = createExplainer(
    (item) => {
      timeline.take(item)
      options.onItem?.(item)
    },
    { withBytes: true },
  )
  const recorder = createRecorder({
    record(entry) {
      options.onMasked?.(entry)
      explainer.take(entry)
    },
  })
  const enough = new AbortController()
  const leave = (): void => enough.abort(signal?.reason)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave, { once: true })
  const timer = setTimeout(leave, time)
  const reached = await dial(target, {
    signal: enough.signal,
    connectTimeout,
    idleTimeout: 0,
    ...(tls && { tls }),
  }).catch((error: unknown) => {
    clearTimeout(timer)
    throw error
  })
  const { address, port } = reached.remote
  const connection = recordConnection(reached, recorder.open({ address: `${address}:${port}` }))
  const abort = (): void => connection.abort(enough.signal.reason)
  enough.signal.addEventListener('abort', abort, { once: true })
  try {
    enough.signal.throwIfAborted()
    await connection.write(...request.bytes)
    await readAnswer(connection, request.method)
  } catch (error) {
    if (!isEnd(error)) throw error // it is in the recording
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
    await closed(connection)
    recorder.close()
  }
  await explainer.settled()
  const [exchange] = timeline.exchanges
  if (!exchange) throw new TypeError('nothing was asked')
  const left = enough.signal.aborted && exchange.end.kind !== 'complete'
  return { exchange, diagnoses: diagnose(exchange).filter(({ code }) => !(left && code === 'CLIENT_GONE')), left }
}

/** Milliseconds a server has to close what it was asked to close. */
const TO_CLOSE = 500

async function closed(connection: Connection): Promise<void> {
  const late = setTimeout(() => connection.abort(), TO_CLOSE)
  await connection[Symbol.asyncDispose]()
  clearTimeout(late)
}

/** How a connection ends is for the rules to say. */
function isEnd(error: unknown): boolean {
  return error instanceof Error && ('code' in error || error.name === 'AbortError' || error.name === 'TimeoutError')
}
