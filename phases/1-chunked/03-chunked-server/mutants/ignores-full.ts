import type { SendChunked } from '../contract.ts'

export const sendChunked: SendChunked = async (socket, pieces) => {
  for await (const data of pieces) {
    if (socket.destroyed) return
    if (data.length === 0) continue
    socket.write(Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]))
  }
  socket.write('0\r\n\r\n')
}
