import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeEvent } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/node'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Tick, Ticker } from './ticker.ts'

/** How the server keeps quiet connections alive, and what it tells clients. Milliseconds. */
export interface TickServerOptions {
  /** Between two signs of life on a connection that stays open: SSE comments, WebSocket pings. 0 for none. */
  readonly heartbeat: number
  /** How long a long poll is held when there is no news. */
  readonly hold: number
  /** What clients are told to wait before they come back. */
  readonly retry: number
}

/** Four ways to hear of the same ticks. */
export interface TickServer extends AsyncDisposable {
  readonly port: number
  /** Requests so far of the listener with this name, WebSocket handshakes included. */
  requestsOf(listener: string): number
}

type Respond = (req: IncomingMessage, res: ServerResponse, after: number) => void

/** Serves `/sse`, `/sse-buffered`, `/ws`, `/long` and `/poll` on one port, each `?listener=name&after=id`. */
export async function startTickServer(ticker: Ticker, options: TickServerOptions): Promise<TickServer> {
  const requests = new Map<string, number>()
  const routes: Readonly<Record<string, Respond>> = {
    '/sse': (req, res) => tellEvents(req, res, {}),
    '/sse-buffered': (req, res) => tellEvents(req, res, { 'X-Accel-Buffering': 'yes' }),
    '/long': (_, res, after) => answerLater(res, after),
    '/poll': (_, res, after) => answer(res, ticker.after(after)),
    // A proxy that does not know how to upgrade turns a handshake into an ordinary request.
    '/ws': (_, res) => res.writeHead(426, { Upgrade: 'websocket', Connection: 'Upgrade' }).end(),
  }

  /** SSE: the browser itself brings the last id back. */
  function tellEvents(req: IncomingMessage, res: ServerResponse, headers: Readonly<Record<string, string>>): void {
    const session = openSession(req, res, { retry: options.retry, heartbeat: options.heartbeat, headers })
    const from = session.lastEventId === undefined ? ticker.last : Number(session.lastEventId)
    const stop = ticker.follow(from, ({ id, text }) => session.push(encodeEvent({ id: `${id}`, data: text })))
    session.signal.addEventListener('abort', stop, { once: true })
  }

  /** WebSocket: messages without ids of their own; a client that wants to resume says so in the URL. */
  function tellMessages(socket: WebSocket, after: number): void {
    const stop = ticker.follow(after, ({ text }) => socket.send(text))
    const beat = options.heartbeat > 0 ? setInterval(() => socket.ping(), options.heartbeat) : undefined
    socket.on('error', () => {}) // 'close' follows
    socket.on('close', () => {
      stop()
      clearInterval(beat)
    })
  }

  /** Long polling: the answer waits for news, or for the end of our patience. */
  function answerLater(res: ServerResponse, after: number): void {
    if (ticker.last > after) {
      answer(res, ticker.after(after))
      return
    }
    const finish = (): void => {
      stop()
      clearTimeout(timer)
      if (!res.destroyed) answer(res, ticker.after(after))
    }
    const stop = ticker.follow(ticker.last, finish)
    const timer = setTimeout(finish, options.hold)
    res.on('close', () => {
      stop()
      clearTimeout(timer)
    })
  }

  function count({ searchParams }: URL): number {
    const listener = searchParams.get('listener') ?? ''
    requests.set(listener, (requests.get(listener) ?? 0) + 1)
    return Number(searchParams.get('after') ?? ticker.last)
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://ticker')
    const route = routes[url.pathname]
    if (route === undefined) res.writeHead(404).end()
    else route(req, res, count(url))
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (req, socket, head) => {
    const after = count(new URL(req.url ?? '/', 'http://ticker'))
    sockets.handleUpgrade(req, socket, head, (webSocket) => tellMessages(webSocket, after))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    requestsOf: (listener) => requests.get(listener) ?? 0,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function answer(res: ServerResponse, ticks: readonly Tick[]): void {
  const body = `[${ticks.map(({ text }) => text).join(',')}]`
  const length = Buffer.byteLength(body)
  res.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'Content-Length': length })
  res.end(body)
}
