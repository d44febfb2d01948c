import { type Connection, connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { type Fault, type FaultOptions, withFaults } from '@sse-from-scratch/wire-xray/faults'

/** A hop between any client and the server at a port: what comes back has gone through the faults. */
export async function startHop(
  port: number,
  faults: string | readonly Fault[],
  options: FaultOptions = {},
): Promise<Listener> {
  return await listen(async (client) => {
    const server = withFaults(await connect({ port, host: '127.0.0.1' }), faults, options)
    await Promise.all([carry(client, server), carry(server, client)]).catch((error: unknown) => {
      client.abort(error)
      server.abort(error)
    })
  })
}

async function carry(from: Connection, to: Connection): Promise<void> {
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read()) await to.write(bytes)
  await to.end()
}
