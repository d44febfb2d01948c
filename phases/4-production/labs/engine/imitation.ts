import { type Connection, connect, listen } from '@sse-from-scratch/tcp-echo'
import { withFaults } from '@sse-from-scratch/wire-xray/faults'
import type { StartedHop } from './hops.ts'

/**
 * Something that does to a stream what a hop was seen to do. It stands in where the real one is absent, and proves nothing:
 * whoever sees its results is told where they come from.
 *
 * @param faults in the language of wire-xray; empty for a hop that does nothing. `ask10` asks the server in HTTP/1.0
 */
export async function startImitation(faults: string, upstream: number): Promise<StartedHop> {
  const words = faults.split(',').filter((word) => word !== '' && word !== 'ask10')
  const listener = await listen(async (client) => {
    const server = await connect({ port: upstream, host: '127.0.0.1' })
    const way = words.length === 0 ? server : withFaults(server, words.join(','))
    await Promise.all([carry(client, way, faults.includes('ask10')), carry(way, client)]).catch((error: unknown) => {
      client.abort(error)
      server.abort(error)
    })
  })
  return { port: listener.address.port, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
}

async function carry(from: Connection, to: Connection, asks10 = false): Promise<void> {
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read())
    await to.write(asks10 ? inHttp10(bytes) : bytes)
  await to.end()
}

function inHttp10(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replace(' HTTP/1.1\r\n', ' HTTP/1.0\r\n'), 'latin1')
}
