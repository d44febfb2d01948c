import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { StartEcho } from './contract.ts'

export const startEcho: StartEcho = async ({ host = '127.0.0.1', port = 0 } = {}) => {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {}) // a client may break off at any time; without a listener that ends the whole process
    socket.pipe(socket) // bytes as they are, no faster than they leave; FIN is answered when the last of them has gone
  })
  await once(server.listen(port, host), 'listening') // rejects when 'error' comes first
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close() // stops listening, and would wait for the clients
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
