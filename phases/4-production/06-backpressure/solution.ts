import type { Socket } from 'node:net'
import type { FanOut, Pump } from './contract.ts'

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
  const queues = new WeakMap<Socket, Uint8Array[]>() // a client that is gone takes its queue along

  const queueOf = (client: Socket): Uint8Array[] => {
    const known = queues.get(client)
    if (known) return known
    const queue: Uint8Array[] = []
    queues.set(client, queue)
    client.on('drain', () => flush(client, queue)) // once for each client, not for each event
    return queue
  }

  return (event) => {
    for (const client of clients) {
      const queue = queueOf(client)
      queue.push(event)
      flush(client, queue)
      const isBehind = () => client.writableLength + bytesIn(queue) > limitBytes
      if (client.destroyed || (policy === 'disconnect' && isBehind())) {
        clients.delete(client)
        client.destroy() // end() would wait until all is read
      }
      while (isBehind() && queue.length > 1) queue.shift()
    }
  }
}

function flush(client: Socket, queue: Uint8Array[]): void {
  while (!client.writableNeedDrain && !client.destroyed) {
    const event = queue.shift()
    if (event === undefined) return
    client.write(event)
  }
}

const bytesIn = (queue: readonly Uint8Array[]) => queue.reduce((sum, { length }) => sum + length, 0)
