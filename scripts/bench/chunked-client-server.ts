// A server that answers whatever it is asked with the same chunked response, made before the first request.
import { createServer } from 'node:net'
import { sayReady } from './child.ts'
import { chunkedBody } from './chunked-decode.ts'

const chunkSize = Number(process.argv[2])
const wanted = (chunkSize < 1024 ? 4 : 32) * 1024 * 1024 // so much that connecting does not count
const chunks = Math.ceil(wanted / chunkSize)

const HEAD = 'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n'
const response = Buffer.concat([Buffer.from(HEAD), chunkedBody(chunkSize, wanted)])

const server = createServer((socket) => {
  socket.once('data', () => socket.end(response))
  socket.on('error', () => {}) // a client that is gone is not our affair
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  sayReady({ port, size: chunks * chunkSize })
})
