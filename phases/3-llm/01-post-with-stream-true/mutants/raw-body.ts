import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
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

  let head = ''
  while (!head.includes('\r\n\r\n')) {
    const read = socket.read()
    if (read === null) await once(socket, 'readable')
    else head += read.toString('latin1')
  }
  const end = head.indexOf('\r\n\r\n')
  const { status, fields } = parseResponseHead(head.slice(0, end))
  const names = [...fields].map(([name, value]) => [name.toLowerCase(), value])
  return { status, headers: Object.fromEntries(names), body: rest(socket, head.slice(end + 4)) }
}

async function* rest(socket: Socket, first: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first, 'latin1')
  yield* socket
}
