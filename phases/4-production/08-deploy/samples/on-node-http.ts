import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Client } from '../contract.ts'

/** A client of a server of node:http, as the contract has it. */
export function clientOf(response: ServerResponse): Client {
  const { socket } = response
  return {
    send: (text) => void response.write(text),
    end: () =>
      new Promise((resolve, reject) => {
        response.once('close', () => reject(new Error('the connection broke')))
        response.end(() => !socket?.destroyed && resolve()) // 'finish' comes for a socket that was cut, too
      }),
    abort: () => void socket?.destroy(),
  }
}

/**
 * The connections of a server on which no answer is on its way. Not those of `closeIdleConnections()`: Node 20 takes an answer for
 * done when its `end()` was called, and cuts it, though the client has not read it yet.
 */
export function watchIdle(server: Server): Set<Socket> {
  const idle = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    idle.add(socket)
    socket.on('close', () => idle.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket)
    response.on('finish', () => !socket.destroyed && idle.add(socket))
  })
  return idle
}
