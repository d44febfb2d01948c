import { type Channel, createChannel, type EventHistory } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'

/** A server that comes and goes. What it remembers outlives it, as a database would. */
export interface RestartingServer extends AsyncDisposable {
  /** Where it listens now. */
  readonly port: number
  readonly restarts: number
  publish(id: number, data: string): void
  /** Comes back on another port. In good order, all streams are ended first; otherwise they are cut. */
  restart(inGoodOrder: boolean): Promise<void>
}

export interface ServerOptions {
  /** Milliseconds between comments. */
  readonly heartbeat: number
  /** Milliseconds clients are asked to stay away. */
  readonly retry: number
  /** Called when a client asks for what has been forgotten. */
  readonly onGap: () => void
}

export async function startServer(
  history: EventHistory,
  { heartbeat, retry, onGap }: ServerOptions,
): Promise<RestartingServer> {
  let channel: Channel
  let restarts = 0
  let listener = await start()

  async function start() {
    const own = createChannel({ history, onGap })
    channel = own
    return serve(
      async (request, respond) => {
        const session = await openSession(request, respond, { retry, heartbeat })
        own.subscribe(session)
        await session.closed
      },
      { onError: () => {} }, // cut connections, of which there are many
    )
  }

  return {
    get port() {
      return listener.address.port
    },
    get restarts() {
      return restarts
    },
    publish(id, data) {
      channel.publish({ id: `${id}`, data })
    },
    async restart(inGoodOrder) {
      restarts++
      const old = listener
      if (inGoodOrder) await channel.end()
      listener = await start()
      await old[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}
