// The servers of bench:fanout: each answers every request with an event stream, and publishes to all of them.
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net'
import { type Channel, createChannel, skipAbove } from '@sse-from-scratch/sse-server'
import * as node from '@sse-from-scratch/sse-server/node'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import * as better from 'better-sse'
import { BYTE_BOUND } from './fanout-bound.ts'

export interface FanoutServer {
  readonly port: number
  /** Sends so many events to everybody, in this turn of the event loop. */
  publish(events: number): void
}

/** One of these is in every event and nowhere else in the stream: those who receive count them. */
export const MARK = '~'

/** 218 bytes as they stand in the stream, with their id and their blank line. */
const id = '0001b2c3d4e5'
const data = `${'{"symbol":"EURUSD","bid":1.08234,"ask":1.08236}'.repeat(5)}`.slice(0, 192) + MARK
const EVENT = `id: ${id}\ndata: ${data}\n\n`
if (Buffer.byteLength(EVENT) !== 218) throw new RangeError(`an event of ${Buffer.byteLength(EVENT)} bytes`)

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' }
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

export const FANOUT_SERVERS: Readonly<Record<string, () => Promise<FanoutServer>>> = {
  'sse-server/raw': () => serveOurs(createChannel()),
  'sse-server/raw, skipAbove': () => serveOurs(createChannel({ slowConsumer: skipAbove(BYTE_BOUND) })),
  'sse-server/node': serveOursOnNode,
  'better-sse': serveBetterSse,
  'node:http, one shared buffer': serveNodeHttp,
  'node:net, one shared write': serveNodeNet,
}

async function serveOurs(channel: Channel): Promise<FanoutServer> {
  const { address } = await serve(async (request, respond) => {
    const session = await openSession(request, respond)
    channel.subscribe(session)
    await session.closed
  })
  return { port: address.port, publish: publishTo(channel) }
}

function serveOursOnNode(): Promise<FanoutServer> {
  const channel = createChannel()
  const server = createHttpServer((req, res) => {
    channel.subscribe(node.openSession(req, res))
  })
  return listening(server, publishTo(channel))
}

function publishTo(channel: Channel): (events: number) => void {
  return (events) => {
    for (let n = 0; n < events; n++) channel.publish({ id, data })
  }
}

function serveBetterSse(): Promise<FanoutServer> {
  const channel = better.createChannel()
  const server = createHttpServer(async (req, res) => {
    channel.register(await better.createSession(req, res, { serializer: String }))
  })
  return listening(server, (events) => {
    for (let n = 0; n < events; n++) channel.broadcast(data, 'message', { eventId: id })
  })
}

/** Nothing but the writing: the event has been encoded beforehand. */
function serveNodeHttp(): Promise<FanoutServer> {
  const event = Buffer.from(EVENT)
  const responses = new Set<ServerResponse>()
  const server = createHttpServer((_, res) => {
    res.writeHead(200, HEADERS).flushHeaders()
    responses.add(res)
    res.once('close', () => responses.delete(res))
  })
  return listening(server, (events) => {
    for (let n = 0; n < events; n++) for (const response of responses) response.write(event)
  })
}

/** All the events of a turn have been made one buffer beforehand, chunks and all: only the system calls are left. */
function serveNodeNet(): Promise<FanoutServer> {
  const chunk = `${EVENT.length.toString(16)}\r\n${EVENT}\r\n`
  const sockets = new Set<Socket>()
  const server = createNetServer({ noDelay: true }, (socket) => {
    socket.once('data', () => {
      socket.write(HEAD)
      sockets.add(socket)
    })
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {}) // 'close' follows
  })
  const made = new Map<number, Buffer>()
  return listening(server, (events) => {
    const turn = made.get(events) ?? Buffer.from(chunk.repeat(events))
    made.set(events, turn)
    for (const socket of sockets) socket.write(turn)
  })
}

function listening(server: Server, publish: FanoutServer['publish']): Promise<FanoutServer> {
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      resolve({ port: (server.address() as AddressInfo).port, publish })
    })
  })
}
