import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { createGunzip } from 'node:zlib'
import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder } from '@sse-from-scratch/http-raw'
import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { type Connection, connect, fromSocket } from '@sse-from-scratch/tcp-echo'

/** What a client saw, with times in milliseconds of `performance.now()`. */
export interface Watched {
  readonly askedAt: number
  /** When the head was whole; undefined if it never was. */
  readonly headAt: number | undefined
  readonly status: number
  /** The head as it came. */
  readonly head: string
  /** All that came, as Latin-1. */
  readonly wire: string
  /** The data of the last event. */
  readonly last: string
  /** When each event was seen. */
  readonly seen: readonly number[]
  /** Reads that brought events. */
  readonly bursts: number
  /** Sizes of chunks, as they are written. */
  readonly sizes: readonly string[]
  /** `whole`: HTTP says that nothing is missing. */
  readonly end: 'whole' | 'FIN' | 'RST' | 'refused' | 'left'
  readonly endedAt: number
}

export interface ClientOptions {
  readonly port: number
  /** Speaks TLS, and believes whom it meets. */
  readonly isTls?: boolean
  /** Speaks HTTP/2, over TLS. */
  readonly isHttp2?: boolean
  readonly fields?: Readonly<Record<string, string>>
  /** Hangs up when it has seen so many events. */
  readonly leaveAfter?: number
  readonly onEvents?: (count: number) => void
}

/** Asks for a stream as a client that does not care who answers, until the end. */
export async function watchStream(options: ClientOptions): Promise<Watched> {
  const { fields = {}, leaveAfter = Number.POSITIVE_INFINITY, onEvents } = options
  await using connection = await open(options)
  const lines = Object.entries({ Host: 'localhost', 'Accept-Encoding': 'gzip', ...fields })
  const askedAt = performance.now()
  await connection.write(
    Buffer.from(`GET / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`),
  )
  const seen: number[] = []
  let bursts = 0
  let last = ''
  const content = createContent((data) => {
    last = data
    seen.push(performance.now())
    onEvents?.(seen.length)
  })
  const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
  let [wire, headAt, status, end] = ['', undefined as number | undefined, 0, undefined as Watched['end'] | undefined]
  while (end === undefined) {
    const read = await connection.read().catch(() => undefined)
    const before = seen.length
    if (!read) end = read === null ? endOf(decoder) : 'RST'
    else {
      wire += Buffer.from(read).toString('latin1')
      try {
        decoder.push(read, (event) => {
          if (event.kind === 'head') {
            headAt = performance.now()
            status = event.head.status
            if (/^content-encoding: *gzip\r$/im.test(wire)) content.unzip()
          }
          if (event.kind === 'data') content.push(event.data)
          if (event.kind === 'end') end = 'whole'
        })
      } catch {
        end = 'refused'
      }
      await content.settled()
    }
    if (seen.length > before) bursts++
    if (seen.length >= leaveAfter) end ??= 'left'
  }
  const [head = '', ...body] = wire.split('\r\n\r\n')
  const isChunked = /^transfer-encoding: *chunked\r?$/im.test(head)
  const sizes = isChunked ? sizesIn(body.join('\r\n\r\n')) : []
  return { askedAt, headAt, status, head, wire, last, seen, bursts, sizes, end, endedAt: performance.now() }
}

async function open({ port, isTls = false }: ClientOptions): Promise<Connection> {
  if (!isTls) return await connect({ port, host: '127.0.0.1' })
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
  await once(socket, 'secureConnect')
  return fromSocket(socket)
}

/** FIN is an end like any other for a body that ends with the connection. */
function endOf(decoder: ReturnType<typeof createResponseDecoder>): Watched['end'] {
  let isWhole = false
  try {
    decoder.end((event) => (isWhole ||= event.kind === 'end'))
  } catch {}
  return isWhole ? 'whole' : 'FIN'
}

/** Content, compressed or not, as events. Comments are none. */
export function createContent(onEvent: (data: string) => void) {
  const decoder = createEventDecoder()
  const hear = (bytes: Uint8Array) => decoder.push(bytes, (item) => item.kind === 'event' && onEvent(item.event.data))
  let gunzip: ReturnType<typeof createGunzip> | undefined
  let written: Promise<unknown> = Promise.resolve()
  return {
    unzip() {
      gunzip = createGunzip()
      gunzip.on('data', hear).on('error', () => {})
    },
    push(bytes: Uint8Array) {
      if (gunzip === undefined) hear(bytes)
      else written = new Promise((resolve) => gunzip?.write(Uint8Array.from(bytes), resolve))
    },
    settled: () => written,
  }
}

/** The sizes of a chunked body, as they are written, as far as it goes. */
function sizesIn(body: string): readonly string[] {
  const sizes: string[] = []
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at)
    const [size = ''] = body.slice(at, end < 0 ? undefined : end).split(';')
    if (!/^[\da-f]+$/i.test(size)) return sizes
    sizes.push(size)
    at = end + 2 + Number.parseInt(size, 16) + 2
    if (end < 0 || Number.parseInt(size, 16) === 0) return sizes
  }
  return sizes
}
