import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What happens to the bytes that go one way. */
export interface Weather {
  /** Milliseconds every byte is late. Latency, not bandwidth: bytes that came together stay together. Default 0. */
  readonly delay?: number
  /** At most so many bytes in one write: TCP may cut anywhere, this does. Default: as they come. */
  readonly pieceSize?: number
  /** Milliseconds between two writes: a slow line. Default 0. */
  readonly pieceInterval?: number
  /** After exactly so many bytes of one connection, `cut` happens. Default: never. */
  readonly cutAfter?: number
  /** 'reset' sends RST to both sides, 'end' a FIN as if the message were over, 'stall' goes silent and stays open (and reads on). Default 'reset'. */
  readonly cut?: 'reset' | 'end' | 'stall'
}

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

/** At most so many late bytes are held for one direction; then the sender has to wait, as on a real line. */
const IN_FLIGHT = 1024 * 1024

/** Milliseconds between the last byte and the RST of a cut. */
const BEFORE_RESET = 20

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

/** Moves bytes from one socket to the other through the weather, in order. */
function carry(from: Socket, to: Socket, weather: Weather): { stop(): void } {
  const { delay = 0, pieceSize = Number.POSITIVE_INFINITY, pieceInterval = 0 } = weather
  const { cutAfter = Number.POSITIVE_INFINITY, cut = 'reset' } = weather
  /** What is on its way, bytes or the FIN (null), and when it is due. */
  const inFlight: { bytes: Buffer | null; readonly due: number }[] = []
  let held = 0
  let carried = 0
  let nextWrite = 0
  let timer: NodeJS.Timeout | undefined
  let state: 'open' | 'waiting-for-drain' | 'over' = 'open'

  const enqueue = (bytes: Buffer | null): void => {
    if (state === 'over') return
    inFlight.push({ bytes, due: performance.now() + delay })
    held += bytes?.length ?? 0
    if (held > IN_FLIGHT) from.pause()
    if (timer === undefined) deliver()
  }

  const deliver = (): void => {
    timer = undefined
    for (let next = inFlight[0]; next !== undefined && state === 'open' && !to.destroyed; next = inFlight[0]) {
      const wait = Math.max(next.due, nextWrite) - performance.now()
      if (wait > 0) {
        timer = setTimeout(deliver, Math.ceil(wait))
        return
      }
      const piece = next.bytes?.subarray(0, Math.min(pieceSize, cutAfter - carried)) ?? null
      if (next.bytes === null || piece?.length === next.bytes.length) inFlight.shift()
      else next.bytes = next.bytes.subarray(piece?.length)
      if (piece === null) to.end()
      else write(piece)
    }
  }

  const write = (piece: Buffer): void => {
    held -= piece.length
    carried += piece.length
    nextWrite = performance.now() + pieceInterval
    if (held <= IN_FLIGHT) from.resume()
    if (carried === cutAfter) cutAfterWriting(piece)
    else if (!to.write(piece)) {
      state = 'waiting-for-drain'
      to.once('drain', () => {
        if (state === 'over') return
        state = 'open'
        deliver()
      })
    }
  }

  const cutAfterWriting = (last: Buffer): void => {
    stop()
    if (cut === 'reset') to.write(last, () => resetSoon(from, to))
    if (cut === 'end') to.end(last)
    if (cut === 'stall') to.write(last)
  }

  const stop = (): void => {
    state = 'over'
    inFlight.length = 0
    clearTimeout(timer)
  }

  from.on('data', enqueue)
  from.on('end', () => enqueue(null))
  return { stop }
}

/**
 * Leaves the peer time to read what came before. libuv reports an RST that arrives together with data as a FIN
 * (its stream code ends on POLLHUP after a short read), so a reset right behind the last byte would look like a clean end.
 */
function resetSoon(...sockets: Socket[]): void {
  // In one process the immediate makes it certain: it runs after a poll phase, in which the peer reads.
  setTimeout(() => setImmediate(() => reset(...sockets)), BEFORE_RESET)
}

function reset(...sockets: Socket[]): void {
  for (const socket of sockets) if (!socket.destroyed) socket.resetAndDestroy()
}

function weatherOf(weather: Weather | (() => Weather)): Weather {
  return typeof weather === 'function' ? checkWeather(weather()) : weather
}

function checkWeather(weather: Weather): Weather {
  for (const [name, least] of [
    ['delay', 0],
    ['pieceSize', 1],
    ['pieceInterval', 0],
    ['cutAfter', 1],
  ] as const) {
    const value = weather[name]
    if (value !== undefined && !(value >= least)) throw new RangeError(`${name} must be at least ${least}: ${value}`)
  }
  return weather
}
