import type { Server, Socket } from 'node:net'

/** Of a server whose sockets are all connections of ours already. */
const NO_SOCKETS: ReadonlySet<Socket> = new Set()

/** The TCP sockets that a server has open and nobody else knows: those that a TLS server has not finished greeting. */
export function acceptedSockets(server: Server, isPlain: boolean): ReadonlySet<Socket> {
  if (isPlain) return NO_SOCKETS
  const sockets = new Set<Socket>()
  function forget(this: Socket): void {
    sockets.delete(this)
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', forget)
  })
  return sockets
}
