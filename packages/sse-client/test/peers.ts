import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { ServerSentEvent, Transport, TransportRequest, TransportResponse } from '@sse-from-scratch/sse-client'

export const EVENT_STREAM = { 'Content-Type': 'text/event-stream' }

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export interface Peer extends AsyncDisposable {
  readonly url: string
  /** One promise a request, resolved when its connection is gone. */
  readonly gone: Promise<void>[]
  readonly requests: IncomingMessage[]
}

/** A node:http server, as any server in the world might be; `nth` counts requests from 1. */
export async function peer(handler: (req: IncomingMessage, res: ServerResponse, nth: number) => void): Promise<Peer> {
  const gone: Promise<void>[] = []
  const requests: IncomingMessage[] = []
  const server = createServer((req, res) => {
    gone.push(new Promise((resolve) => req.socket.once('close', () => resolve())))
    handler(req, res, requests.push(req))
  })
  const url = await listening(server)
  return {
    url,
    gone,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A server that answers every connection's first read by hand. */
export async function tcpPeer(
  onRequest: (socket: Socket, nth: number, head: string) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>()
  let count = 0
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    const nth = ++count
    socket.once('data', (head) => onRequest(socket, nth, head.toString('latin1')))
  })
  const url = await listening(server)
  return {
    url,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** An address where nobody listens. */
export async function nowhere(): Promise<string> {
  const server = createTcpServer()
  const url = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return url
}

export type Answer = Partial<TransportResponse> | Error

/** A transport with its answers written down; it keeps what it was asked. The last answer is given again and again. */
export function scripted(...answers: Answer[]): Transport & { readonly asked: TransportRequest[] } {
  const asked: TransportRequest[] = []
  const transport: Transport = async (request) => {
    const answer = answers[Math.min(asked.push(request), answers.length) - 1]
    if (answer instanceof Error) throw answer
    return { status: 200, contentType: 'text/event-stream', body: null, ...answer }
  }
  return Object.assign(transport, { asked })
}

/** A body of these reads; an Error among them is where it breaks. */
export async function* body(...reads: (string | Error)[]): AsyncGenerator<Uint8Array, void> {
  for (const read of reads) {
    if (read instanceof Error) throw read
    yield bytes(read)
  }
}

/** A body that gives these reads and then waits for ever. */
export async function* endless(...reads: string[]): AsyncGenerator<Uint8Array, void> {
  yield* body(...reads)
  await new Promise(() => {})
}

/** The data of every event, and what ended them. */
export async function collect(events: AsyncIterable<ServerSentEvent>): Promise<{ data: string[]; error?: unknown }> {
  const data: string[] = []
  try {
    for await (const event of events) data.push(event.data)
    return { data }
  } catch (error) {
    return { data, error }
  }
}
