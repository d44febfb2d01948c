import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { StartEcho } from '../contract.ts'

export const startEcho: StartEcho = async ({ host = '127.0.0.1', port = 0 } = {}) => {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    const reads: Buffer[] = []
    socket.on('data', (bytes) => reads.push(bytes))
    socket.on('end', () => socket.end(Buffer.concat(reads)))
  })
  await once(server.listen(port, host), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
