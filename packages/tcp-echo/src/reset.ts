import type { Socket } from 'node:net'

/**
 * RST where there is a TCP socket to send it from. For TLS, and for a pipe, Node refuses with an exception.
 *
 * While a FIN is on its way libuv refuses too, and Node does not pass that on: the socket would never close, and the
 * process could never exit. Everything has been sent by then, so closing is all that is left to do.
 */
export function reset(socket: Socket): void {
  const finOnItsWay = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0
  if (finOnItsWay) {
    socket.destroy()
    return
  }
  try {
    socket.resetAndDestroy()
  } catch {
    socket.destroy()
  }
}
