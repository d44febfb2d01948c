// @ts-check
// A server that answers one client with two events and half a chunk, and is then killed: nothing of it can say goodbye.
import { createServer } from 'node:net'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const server = createServer((socket) => {
  const parts = [HEAD, 'b\r\ndata: one\n\n\r\n', 'b\r\ndata: two\n\n\r\n', 'd\r\ndata: th']
  const timer = setInterval(() => {
    const part = parts.shift()
    if (part !== undefined) return void socket.write(part)
    clearInterval(timer)
    process.kill(process.pid, 'SIGKILL')
  }, 150)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`port ${typeof address === 'object' && address !== null ? address.port : 0}`)
})
