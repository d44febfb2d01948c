import { type Connection, connect, type ListenOptions, listen } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { whenOver } from './bytes.ts'

export interface Pair extends AsyncDisposable {
  readonly client: Connection
  readonly server: Connection
}

/** Both ends of a real connection over the loopback. */
export async function tcpPair(serverOptions: ListenOptions = {}): Promise<Pair> {
  let accepted = (_: Connection) => {}
  const first = new Promise<Connection>((resolve) => {
    accepted = resolve
  })
  const listener = await listen(async (connection) => {
    accepted(connection)
    await whenOver(connection)
  }, serverOptions)
  const client = await connect({ port: listener.address.port })
  return {
    client,
    server: await first,
    async [Symbol.asyncDispose]() {
      client.abort()
      await listener[Symbol.asyncDispose]()
    },
  }
}

/** Both ends of a connection that only looks real. */
export async function pairInMemory(): Promise<Pair> {
  const [client, server] = memoryPair()
  return { client, server, async [Symbol.asyncDispose]() {} }
}
