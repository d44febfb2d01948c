import { once } from 'node:events'
import { createConnection } from 'node:net'
import { fromSocket, listen } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'

test.each([0, 1, 1_000_000])(
  'a connection aborted right after its end, with %i bytes to send, is closed',
  async (size) => {
    await using listener = await listen(async (connection) => {
      for await (const _ of connection);
    })
    const socket = createConnection({ port: listener.address.port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    const connection = fromSocket(socket)
    const closed = once(socket, 'close')
    if (size > 0) connection.write(new Uint8Array(size)).catch(() => {})
    connection.end().catch(() => {})
    connection.abort()
    await closed
    expect(socket.destroyed).toBe(true)
  },
)
