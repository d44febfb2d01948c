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

export const fanOut: FanOut = (clients) => {
  let last = Promise.resolve()
  return (event) => {
    last = last.then(async () => {
      for (const client of clients) if (!client.write(event)) await roomOrClose(client)
    })
  }
}
