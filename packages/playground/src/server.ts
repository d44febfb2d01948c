import { chunked } from '@sse-from-scratch/chunked'
import { type IncomingRequest, type Respond, serveConnection } from '@sse-from-scratch/http-raw'
import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/raw'
import { type Connection, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { tap } from '@sse-from-scratch/wire-xray'
import { answer } from './answer.ts'
import { assertLocal } from './local.ts'
import { loadPage, type PageFile } from './page.ts'
import { assertRunName, BadQuestion, readQuestion, TARGET_SIZE } from './prompt.ts'
import { createRuns, type Run, type Runs } from './runs.ts'
import type { Targets } from './targets.ts'
import { createWireRecorder, type WireRecorder } from './wire.ts'

export interface PlaygroundServerOptions {
  readonly targets: Targets
  readonly port?: number
  readonly host?: string
  /** Called with what a request's handler throws: a bug of ours, not of the peer's. */
  readonly onError?: (error: unknown) => void
}

/** Milliseconds after which a browser that lost the line comes back for the rest. */
const RECONNECTION_TIME = 1000

/** One request on one connection, whose written bytes can be watched. */
interface Exchange {
  readonly request: IncomingRequest
  readonly respond: Respond
  readonly query: URLSearchParams
  /** Gives every byte written from now on to `recorder`, or to nobody. */
  watch(recorder: WireRecorder | undefined): void
}

type Route = (exchange: Exchange) => Promise<void>

/** Starts the playground: the page, `GET /events` with the answer, `GET /bytes` with the bytes of the answer. */
export async function startServer(options: PlaygroundServerOptions): Promise<Listener> {
  const { port = 0, host = '127.0.0.1', onError = () => {} } = options
  const runs = createRuns()
  const routes = new Map<string, Route>([
    ['/events', (exchange) => events(exchange, runs, options.targets)],
    ['/bytes', (exchange) => bytes(exchange, runs)],
    ['/targets', (exchange) => targets(exchange, options.targets)],
  ])
  for (const [path, file] of await loadPage()) routes.set(path, (exchange) => page(exchange, file))

  const listener = await listen((connection) => serveWatched(connection, routes), { port, host, onError })
  return {
    address: listener.address,
    async close(signal) {
      runs.stopAll()
      await listener.close(signal)
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

/** Serves a connection through a tap, so that a handler can let its own response be watched. */
function serveWatched(connection: Connection, routes: ReadonlyMap<string, Route>): Promise<void> {
  let recorder: WireRecorder | undefined
  const tapped = tap(connection, ({ direction, bytes }) => {
    if (direction === 'write') recorder?.take(bytes)
  })
  const handler = (request: IncomingRequest, respond: Respond) =>
    route(request, respond, routes, (next) => {
      recorder = next
    })
  return serveConnection(tapped, handler, {
    transferCodings: [chunked],
    limits: { targetSize: TARGET_SIZE, headSize: 2 * TARGET_SIZE },
  })
}

async function route(
  request: IncomingRequest,
  respond: Respond,
  routes: ReadonlyMap<string, Route>,
  watch: Exchange['watch'],
): Promise<void> {
  try {
    assertLocal(request)
    const { pathname, searchParams } = new URL(request.target, 'http://playground')
    const found = routes.get(pathname)
    if (!found)
      throw new BadQuestion(404, `Nothing is at ${pathname}. There is / for people and /events?prompt=hello for curl.`)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      await respond(405, { ...TEXT, Allow: 'GET, HEAD' }, `${pathname} takes GET, not ${request.method}.\n`)
      return
    }
    await found({ request, respond, query: searchParams, watch })
  } catch (error) {
    if (!(error instanceof BadQuestion)) throw error
    await respond(error.status, TEXT, `${error.message}\n`)
  }
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

async function page({ respond }: Exchange, { fields, content }: PageFile): Promise<void> {
  await respond(200, fields, content)
}

/** Who answers over which wire format, for the page's labels. */
async function targets({ respond }: Exchange, all: Targets): Promise<void> {
  const labels = Object.entries(all).map(([wire, { provider, model, simulated }]) => [
    wire,
    { provider: provider.name, model, simulated },
  ])
  const fields = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  await respond(200, fields, JSON.stringify(Object.fromEntries(labels)))
}

/**
 * The answer as an event stream.
 *
 * A client that comes back with a Last-Event-ID gets the rest; one that had
 * everything gets 204, which tells it to stop coming back (HTML §9.2.3).
 */
async function events(exchange: Exchange, runs: Runs, all: Targets): Promise<void> {
  const { request, respond, query } = exchange
  const lastEventId = request.fields.get('last-event-id')
  if (lastEventId) {
    const run = runs.ofEvent(lastEventId)
    if (!run || (run.answer.finished && run.answer.lastId === lastEventId)) await respond(204)
    else await listenTo(exchange, run, lastEventId)
    return
  }
  const question = readQuestion(query)
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const run = runs.open(question.run ?? crypto.randomUUID().slice(0, 8))
  if (run.asked) throw new BadQuestion(409, `The run ${run.name} has been asked its question; start another one.`)
  run.asked = true
  const heard = listenTo(exchange, run)
  await answer(run, question.prompt, all[question.wire])
  run.answer.finish()
  await heard
  run.bytes.append('end', {})
  run.bytes.finish()
}

/** Sends a run's answer over this exchange and has its bytes watched meanwhile. */
async function listenTo({ request, respond, watch }: Exchange, run: Run, lastEventId?: string): Promise<void> {
  const recorder = createWireRecorder('browser', run.bytes, run.start)
  watch(recorder)
  const session = await openSession(request, respond, { retry: RECONNECTION_TIME })
  await run.answer.attach(session, lastEventId)
  await session.end()
  recorder.flush()
  watch(undefined)
}

/** The bytes of one or more runs as an event stream: `/bytes?run=a&run=b`. */
async function bytes({ request, respond, query }: Exchange, runs: Runs): Promise<void> {
  const names = query.getAll('run')
  if (names.length === 0 || names.length > 4)
    throw new BadQuestion(400, 'Say whose bytes: /bytes?run=NAME, up to four times.')
  names.forEach(assertRunName)
  if (request.fields.has('last-event-id')) {
    await respond(204) // the page has the bytes it has; a second telling would double them
    return
  }
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const session = await openSession(request, respond)
  await Promise.all(names.map((name) => runs.open(name).bytes.attach(session)))
  await session.end()
}
