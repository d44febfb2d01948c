import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describeConnection } from '#ex/01-who-calls-whom'

// Two clients and a server, and after that a call that nobody takes. Each end says what your function sees there.
const limit = setTimeout(() => {
  console.log('Nothing for 4 seconds.')
  process.exit()
}, 4000)

const server = createServer()
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
console.log(`The server waits on 127.0.0.1:${port}. It has called nobody.\n`)

const open: Socket[] = []
for (const name of ['first', 'second']) {
  const accepted = once(server, 'connection')
  const caller = connect(port, '127.0.0.1')
  await once(caller, 'connect')
  const [called] = (await accepted) as [Socket]
  open.push(caller, called)
  console.log(`${name} client`)
  console.log(`  local ${caller.localPort}, remote ${caller.remotePort}   says the socket of the client`)
  console.log(`  local ${called.localPort}, remote ${called.remotePort}   says the socket of the server`)
  console.log(`  ${described(caller, 'client')}   says your function to the client`)
  console.log(`  ${described(called, 'server')}   says your function to the server\n`)
}

for (const socket of open) socket.destroy()
server.close()
await once(server, 'close')

const refused = connect(port, '127.0.0.1')
const [error] = (await once(refused, 'error', { signal: AbortSignal.timeout(3000) })) as [Error]
console.log(`The server has gone. A third call: ${error.message}`)
console.log(`  ${described(refused, 'client')}`)
clearTimeout(limit)

function described(socket: Socket, side: 'client' | 'server'): string {
  try {
    const { client, server: other } = describeConnection(socket, side)
    return `${client.address}:${client.port} called ${other.address}:${other.port}`
  } catch (thrown) {
    return `your function: ${thrown instanceof Error ? thrown.message : thrown}`
  }
}
