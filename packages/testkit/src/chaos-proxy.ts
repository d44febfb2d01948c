import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { carry, reset } from './carry.ts'
import { checkWeather, type Weather, weatherOf } from './weather.ts'

export interface ChaosOptions {
  /** The real server: a port of 127.0.0.1. A function is asked for each connection: servers come and go. */
  readonly target: number | (() => number)
  /** A function is asked for each connection, in the order in which they come. */
  readonly toClient?: Weather | (() => Weather)
  readonly toServer?: Weather | (() => Weather)
}

export interface ChaosProxy extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Connections open now. */
  readonly connections: number
  /** Resets every open connection, now. New ones are still accepted. */
  resetAll(): void
  close(): Promise<void>
}

/**
 * A TCP proxy with bad weather: latency, drips, cuts at byte N, resets, half-closes, stalls.
 * On plain node:net: no rights, no kernel module, every system.
 */
export async function startChaosProxy(options: ChaosOptions): Promise<ChaosProxy> {
  const { toClient = {}, toServer = {} } = options
  for (const weather of [toClient, toServer]) if (typeof weather === 'object') checkWeather(weather)
  const open = new Map<Socket, Socket>() // from the client's side to the server's
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const target = typeof options.target === 'function' ? options.target() : options.target
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    open.set(client, upstream)
    const down = carry(upstream, client, weatherOf(toClient))
    const up = carry(client, upstream, weatherOf(toServer))
    for (const socket of [client, upstream])
      socket
        .on('error', () => {}) // 'close' follows and says hadError
        .on('close', (hadError) => {
          if (socket === client) open.delete(client)
          if (hadError) reset(client, upstream)
          if (client.destroyed && upstream.destroyed) {
            down.stop()
            up.stop()
          }
        })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const resetAll = (): void => {
    for (const [client, upstream] of open) reset(client, upstream)
  }
  const close = async (): Promise<void> => {
    resetAll()
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return open.size
    },
    resetAll,
    close,
    [Symbol.asyncDispose]: close,
  }
}
