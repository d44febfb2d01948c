import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { OpenOptions, Session } from '@sse-from-scratch/sse-server'
import * as node from '@sse-from-scratch/sse-server/node'
import * as raw from '@sse-from-scratch/sse-server/raw'
import * as web from '@sse-from-scratch/sse-server/web'

export interface TestServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
}

export interface NodeServer extends TestServer {
  readonly server: Server
}

export async function nodeServer(listener: RequestListener): Promise<NodeServer> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What each of the three adapters makes of one and the same handler; `undefined` is the answer that stops clients. */
export type OneHandler = (session: Session) => Promise<void>
export type Choose = (lastEventId: string | undefined) => OneHandler | undefined

export interface Adapter {
  readonly name: string
  /** What a stream begins with when no `retry` is given. */
  readonly opening: string
  listen(choose: Choose, options?: OpenOptions): Promise<TestServer>
}

const rawAdapter: Adapter = {
  name: 'raw',
  opening: '',
  async listen(choose, options) {
    const server = await raw.serve(async (request, respond) => {
      const handler = choose(request.fields.get('last-event-id'))
      if (!handler) return raw.stopReconnecting(respond)
      const session = await raw.openSession(request, respond, options)
      await handler(session)
      await session.closed
    })
    const { port } = server.address
    return { port, url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  },
}

const nodeAdapter: Adapter = {
  name: 'node:http',
  opening: '',
  listen: (choose, options) =>
    nodeServer((req, res) => {
      const handler = choose(req.headers['last-event-id'] as string | undefined)
      if (!handler) return node.stopReconnecting(res)
      handler(node.openSession(req, res, options)).catch(() => {})
    }),
}

/** The few lines that a framework puts between node:http and a Request. */
const webAdapter: Adapter = {
  name: 'web',
  opening: ':\n\n', // so that platforms which cannot flush a head send it
  listen: (choose, options) =>
    nodeServer(async (req, res) => {
      const gone = new AbortController()
      res.once('close', () => gone.abort())
      const headers = req.headers as Record<string, string>
      const request = new Request('http://test/', { method: req.method ?? 'GET', headers, signal: gone.signal })
      const handler = choose(headers['last-event-id'])
      const response = handler ? web.eventStream(request, handler, options) : web.stopReconnecting()
      res.writeHead(response.status, Object.fromEntries(response.headers)).flushHeaders()
      if (!response.body) return void res.end()
      Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
        .on('error', () => res.destroy())
        .pipe(res)
    }),
}

export const ADAPTERS: readonly Adapter[] = [rawAdapter, nodeAdapter, webAdapter]
