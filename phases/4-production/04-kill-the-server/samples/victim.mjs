// A server of its own process, to be killed: it sends an event of a chunked stream every 20 ms, and never ends.
import { createServer } from 'node:http'

const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  let count = 0
  const timer = setInterval(() => response.write(`data: ${++count}\n\n`), 20)
  response.on('close', () => clearInterval(timer))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`port ${port}`)
})
