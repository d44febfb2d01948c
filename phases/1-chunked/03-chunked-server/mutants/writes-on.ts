import type { Socket } from 'node:net'
import type { SendChunked } from '../contract.ts'

export const sendChunked: SendChunked = async (socket, pieces) => {
  for await (const data of pieces) {
    if (data.length === 0) continue // a chunk of size 0 would end the body
    const hasRoom = socket.write(chunkOf(data))
    if (!hasRoom) await roomOrClose(socket)
  }
  socket.write('0\r\n\r\n') // not in a finally: if the source fails, the client must see that something is missing
}

/** One array, so that it leaves in one write: a proxy or a client may act on each read. */
function chunkOf(data: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')])
}

/** Resolves when the socket has drained, or never will. */
function roomOrClose(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
