import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { asBytes } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { encodeChunk } from '#ex/02-one-chunk'

// Your chunks, on a real connection: first as bytes, then as node's own fetch reads them.
const pieces = ['hello ', 'wörld ', 'abcdefghijklmnopqrstuvwxyz\n']
const answer = asBytes([
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
  ...pieces.map((piece) => encodeChunk(asBytes(piece))),
  '0\r\n\r\n',
])
console.log(`${explain(answer, { columns: process.stdout.columns || 80 })}\n`)

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => socket.end(answer))
})
await once(server.listen(0, '127.0.0.1'), 'listening')
try {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/`)
  console.log(`fetch reads: ${JSON.stringify(await response.text())}`)
} catch (error) {
  console.log('fetch refuses it:', error instanceof Error ? (error.cause ?? error.message) : error)
} finally {
  server.close()
}
