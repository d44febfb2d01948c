import { setMaxListeners } from 'node:events'
import { chunked } from '@sse-from-scratch/chunked'
import { HttpError, type IncomingRequest, type Respond, serveConnection } from '@sse-from-scratch/http-raw'
import { type Connection, type Listener, listen, TcpError } from '@sse-from-scratch/tcp-echo'
import { tap } from '@sse-from-scratch/wire-xray'
import { type OwnXray, startOwnXray } from './own-xray.ts'
import { TARGET_SIZE } from './question.ts'
import { createRoutes, type Routes, route } from './routes.ts'
import { createRuns, type RunsOptions } from './runs.ts'
import type { Targets } from './targets.ts'
import type { WireRecorder } from './wire.ts'

export interface PlaygroundServerOptions {
  readonly targets: Targets
  readonly port?: number
  readonly host?: string
  /** Called with what a request's handler throws: a bug of ours, not of the peer's. */
  readonly onError?: (error: unknown) => void
  /** How many answers at once, and how long they go on when nobody listens. */
  readonly runs?: RunsOptions
}

/** Starts the playground: the page, `GET /events` with the answer, `GET /bytes` with the bytes of the answer. */
export async function startServer(options: PlaygroundServerOptions): Promise<Listener> {
  const xray = await startOwnXray(options.onError ?? (() => {}))
  try {
    return await startWatched(options, xray)
  } catch (error) {
    await xray[Symbol.asyncDispose]() // a port that is taken must not leave us listening on another
    throw error
  }
}

async function startWatched(options: PlaygroundServerOptions, xray: OwnXray): Promise<Listener> {
  const { port = 0, host = '127.0.0.1', onError = () => {} } = options
  const runs = createRuns({ xray, ...options.runs })
  const routes = await createRoutes(runs, options.targets, xray.url)
  const closing = new AbortController()
  setMaxListeners(0, closing.signal) // one per connection

  const listener = await listen((connection) => serveWatched(connection, routes, closing.signal), {
    port,
    host,
    onError: (error) => {
      if (!(error instanceof HttpError || error instanceof TcpError)) onError(error)
    },
  })
  return {
    address: listener.address,
    async close(signal) {
      runs.stopAll()
      closing.abort()
      await xray[Symbol.asyncDispose]()
      await listener.close(signal)
    },
    async [Symbol.asyncDispose]() {
      await xray[Symbol.asyncDispose]()
      await listener[Symbol.asyncDispose]()
    },
  }
}

/** Serves a connection through a tap, so that a handler can let its own response be watched. */
function serveWatched(connection: Connection, routes: Routes, closing: AbortSignal): Promise<void> {
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
    closing,
  })
}
