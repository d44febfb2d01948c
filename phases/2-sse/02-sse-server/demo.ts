import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createSseServer } from '#ex/02-sse-server'

// Your server, and two clients that show each read as it comes. The second one leaves early.
const start = performance.now()
function say(who: string, what: string): void {
  console.log(`${`${Math.round(performance.now() - start)}`.padStart(5)} ms  ${who.padEnd(9)} ${what}`)
}

async function listen(port: number, who: string) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => say(who, JSON.stringify(bytes.toString())))
  socket.on('close', () => say(who, '(the connection is closed)'))
  await once(socket, 'connect')
  socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  return socket
}

try {
  let clients = 0
  const server = createSseServer(async (client) => {
    const who = `server ${++clients}`
    client.signal.addEventListener('abort', () => say(who, 'the stream is over'))
    for (let id = 1; id <= 5 && !client.signal.aborted; id++) {
      await pause(200)
      client.send({ id: `${id}`, event: 'tick', data: `this is ${id}` })
    }
    client.end()
  })
  const port = await server.listen()
  const one = await listen(port, 'client 1')
  const two = await listen(port, 'client 2')
  setTimeout(() => two.destroy(), 500)
  const limit = setTimeout(() => {
    say('client 1', 'Nothing for too long: the stream has no end.')
    one.destroy()
  }, 3000)
  await once(one, 'close')
  clearTimeout(limit)
  await Promise.race([server.close(), pause(1000)])
  process.exit() // also when something was left open
} catch (error) {
  console.log('Your server throws:', error instanceof Error ? error.message : error)
}
