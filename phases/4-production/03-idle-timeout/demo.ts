import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { realClock } from '@sse-from-scratch/course'
import { startChaosProxy } from '@sse-from-scratch/testkit'
import { withIdleTimeout } from '#ex/03-idle-timeout'

// A stream whose cable is pulled after 300 bytes, and one that has nothing to say but is alive.
const MS = 700
const start = performance.now()
const say = (who: string, text: string) =>
  console.log(`${`${Math.round(performance.now() - start)}`.padStart(7)} ms  ${who.padEnd(9)} ${text}`)

const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const isQuiet = request.url === '/quiet'
  const timer = setInterval(() => response.write(isQuiet ? ':\n\n' : 'data: still here\n\n'), isQuiet ? 300 : 100)
  const end = setTimeout(() => response.end(), isQuiet ? 1600 : 60_000)
  response.on('close', () => {
    clearInterval(timer)
    clearTimeout(end)
  })
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const origin = (server.address() as AddressInfo).port
const cable = await startChaosProxy({ target: origin, toClient: { cutAfter: 300, cut: 'stall' } })

console.log(`1  the cable is pulled; your timeout is ${MS} ms`)
await read(cable.port, '/busy')
console.log(`\n2  nothing but a heartbeat each 300 ms; your timeout is ${MS} ms`)
await read(origin, '/quiet')
await cable.close()
server.close()
server.closeAllConnections()

async function read(port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  for (const word of ['end', 'error', 'close']) socket.on(word, () => say('socket', word))
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  try {
    for await (const bytes of withIdleTimeout(socket, MS, realClock))
      say('you', `${(bytes as Uint8Array).length} bytes`)
    say('you', 'the end')
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    say('you', `${code === undefined ? '' : `${code}: `}${message}`)
  }
  socket.removeAllListeners('close').destroy()
}
