/** The echo service of RFC 862: sends back what it receives. Any number of clients, until Ctrl-C. */
import { parseArgs } from 'node:util'
import { echo, listen, TcpError } from '@sse-from-scratch/tcp-echo'
import { portOf } from './port.ts'

const USAGE = `usage: echo-server [--port 7007] [--host 127.0.0.1]

  --port   where to listen; 0 takes any free port
  --host   the address to be reached at; :: is everybody
  --help   this text

Talk to it with echo-client, or with: nc 127.0.0.1 7007
Ctrl-C waits one second for its clients, then hangs up.
`

const PATIENCE = 1000

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7007' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)

  const listener = await listen(
    async (connection) => {
      const { address, port } = connection.remote
      console.log(`${address}:${port} is here`)
      await echo(connection)
      console.log(`${address}:${port} has left`)
    },
    {
      port: portOf(values.port),
      host: values.host,
      onError: (error, { remote }) => console.log(`${remote.address}:${remote.port} broke off: ${describe(error)}`),
    },
  )
  console.log(`listening on ${listener.address.address}:${listener.address.port}`)
  process.once('SIGINT', async () => {
    await listener.close(AbortSignal.timeout(PATIENCE))
    console.log('closed')
  })
}

function describe(error: unknown): string {
  if (error instanceof TcpError) return `${error.code} (${error.message})`
  return error instanceof Error ? error.message : String(error)
}

main().catch((error: unknown) => {
  console.error(describe(error))
  process.exitCode = error instanceof TcpError ? 1 : 2 // the network's fault, or how it was called
})
