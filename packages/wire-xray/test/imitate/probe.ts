import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chunked, createChunkedDecoder } from '@sse-from-scratch/chunked'
import { createResponseDecoder } from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import { bytes, text } from '../recording/entries.ts'

export const EVENTS = 30
export const EVENT_SIZE = 350
/** Milliseconds between two events. */
const GAP = 8

/** Milliseconds that a head has to get through before the first event follows. A corked socket holds it longer. */
const HEAD_START = 150

/** A server of event streams. */
export interface Origin extends AsyncDisposable {
  readonly port: number
  /** The client that asked for this has its head: events may follow. */
  goOn(path: string): void
}

/** Streams at `/steady`, and breaks off behind three events and a half at `/fin` and `/rst`. */
export async function startOrigin(): Promise<Origin> {
  const waiting = new Map<string, () => void>()
  const server = createServer(async (request, response) => {
    const path = request.url as string
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.flushHeaders()
    if (!path.startsWith('/steady')) return breakOff(response, path.startsWith('/rst'))
    await new Promise<void>((resolve) => {
      waiting.set(path, resolve)
      setTimeout(resolve, HEAD_START)
    })
    steady(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    goOn: (path) => waiting.get(path)?.(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const eventOf = (n: number): string => `data: ${`${n} `.padEnd(EVENT_SIZE - 8, 'x')}\n\n`

function steady(response: ServerResponse): void {
  let n = 0
  const timer = setInterval(() => {
    response.write(eventOf(n++))
    if (n < EVENTS) return
    clearInterval(timer)
    response.end()
  }, GAP)
}

/** Whoever stands between has time to read the three events, and then half of the fourth. */
function breakOff(response: ServerResponse, byReset: boolean): void {
  const { socket } = response
  for (let n = 0; n < 3; n++) response.write(eventOf(n))
  setTimeout(() => {
    const isChunked = response.hasHeader('transfer-encoding') || response.chunkedEncoding
    socket?.write(`${isChunked ? `${EVENT_SIZE.toString(16)}\r\n` : ''}${eventOf(3).slice(0, 100)}`)
    setTimeout(() => (byReset ? socket?.resetAndDestroy() : socket?.end()), 30)
  }, 30)
}

/** What a client gets, and in what pieces. */
export interface Shape {
  /** Milliseconds from the request to the end. */
  readonly time: number
  /** Reads that completed events, or, where they are compressed, that had content. */
  readonly bursts: number
  /** Whether the head came before there was anything else. */
  readonly headFirst: boolean
  readonly events: number
  /** Sizes of chunks, as they are written. */
  readonly sizes: readonly string[]
  /** `whole`: HTTP says it is. */
  readonly end: 'whole' | 'fin' | 'rst'
  readonly content: Uint8Array
}

/** Asks as a client that does not care who answers. */
export async function probe(origin: Origin, port: number, path: string): Promise<Shape> {
  await using connection = await connect({ port, host: '127.0.0.1' })
  const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
  const began = performance.now()
  await connection.write(bytes(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n`))
  let wire = ''
  let content = ''
  let bursts = 0
  let headFirst = false
  let end: Shape['end'] | undefined
  while (end === undefined) {
    const read = await connection.read().catch(() => undefined)
    if (!read) end = read === null ? 'fin' : 'rst'
    else {
      wire += text(read)
      const before = content
      decoder.push(read, (event) => {
        if (event.kind === 'data') content += text(event.data)
        if (event.kind === 'end') end = 'whole'
      })
      if (content === '') {
        headFirst = true
        origin.goOn(path)
      }
      if (content !== before) bursts++
    }
  }
  const body = wire.slice(wire.indexOf('\r\n\r\n') + 4)
  return {
    time: performance.now() - began,
    bursts,
    headFirst,
    events: content.split('\n\n').length - 1,
    sizes: sizesIn(bytes(body)),
    end,
    content: bytes(content),
  }
}

/** The size lines of a chunked body, as far as it goes. */
function sizesIn(body: Uint8Array): readonly string[] {
  const decoder = createChunkedDecoder()
  const sizes: string[] = []
  let line = ''
  for (const byte of body) {
    if (decoder.state === 'chunk-size') line += String.fromCharCode(byte)
    decoder.push(Uint8Array.of(byte), () => {})
    if (decoder.state !== 'chunk-size' && line !== '') {
      sizes.push(line.trim())
      line = ''
    }
  }
  return sizes
}
