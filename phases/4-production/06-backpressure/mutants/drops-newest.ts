import type { Socket } from 'node:net'
import type { FanOut, Pump } from '../contract.ts'

export const pump: Pump = async (socket, source) => {
  for await (const piece of source) {
    if (!socket.write(piece)) await roomOrClose(socket)
    if (socket.destroyed) throw new Error('the reader has gone') // whoever leaves this loop ends the source
  }
}

/** `drain` alone would be waited for in vain: a socket that is closed never has room again. */
function roomOrClose(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle)
      resolve()
    }
    socket.on('drain', settle).on('close', settle)
  })
}

export const fanOut: FanOut = (clients, { limitBytes, policy }) => {
  return (event) => {
    for (const client of clients) {
      if (client.writableLength + event.length <= limitBytes) client.write(event)
      else if (policy === 'disconnect') {
        clients.delete(client)
        client.destroy()
      }
    }
  }
}
