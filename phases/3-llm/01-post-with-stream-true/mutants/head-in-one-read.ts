import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import { parseResponseHead } from '@sse-from-scratch/http-raw'
import type { PostStream } from '../contract.ts'

export const postStream: PostStream = async (url, { headers, json, signal, ca }) => {
  signal?.throwIfAborted()
  const body = Buffer.from(JSON.stringify(json))
  const own = { Host: url.host, Accept: 'text/event-stream', 'Content-Type': 'application/json' }
  const all = { ...own, ...headers, Connection: 'close', 'Content-Length': body.length }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const address = { host: url.hostname, port: Number(url.port), servername: url.hostname }
  const isTls = url.protocol === 'https:'
  const socket = isTls ? connectTls({ ...address, ca }) : connect(address)
  signal?.addEventListener('abort', () => socket.destroy(signal.reason))
  await once(socket, isTls ? 'secureConnect' : 'connect')
  socket.write(`POST ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)

  const [read] = await once(socket, 'data')
  socket.pause()
  const end = read.indexOf('\r\n\r\n')
  const { status, fields } = parseResponseHead(read.toString('latin1', 0, end))
  const names = [...fields].map(([name, value]) => [name.toLowerCase(), value])
  const decoder = fields.has('transfer-encoding') ? createChunkedDecoder() : undefined
  return { status, headers: Object.fromEntries(names), body: decoded(socket, read.subarray(end + 4), decoder) }
}

type Decoder = ReturnType<typeof createChunkedDecoder>

async function* decoded(socket: Socket, first: Uint8Array, decoder?: Decoder): AsyncGenerator<Uint8Array> {
  for await (const read of withFirst(first, socket)) {
    if (decoder === undefined) yield read
    const pieces: Uint8Array[] = []
    decoder?.push(read, (event) => event.kind === 'data' && pieces.push(event.data))
    yield* pieces
    if (decoder?.state === 'done') return
  }
}

async function* withFirst(first: Uint8Array, socket: Socket): AsyncGenerator<Uint8Array> {
  yield first
  yield* socket
}
