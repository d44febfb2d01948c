/** The echo service of RFC 862 over UDP. Any number of clients, none of whom it ever meets, until Ctrl-C. */
import { parseArgs } from 'node:util'
import { startUdpEcho } from './udp-echo.ts'

const USAGE = `usage: udp-echo-server [--port 7007] [--host 127.0.0.1]

  --port   where to listen; 0 takes any free port
  --host   the address to be reached at
  --help   this text

Talk to it with udp-echo-client, or with: nc -u 127.0.0.1 7007
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7007' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)

  const echo = await startUdpEcho({
    port: Number(values.port),
    host: values.host,
    onDatagram: (datagram, from) => console.log(`${datagram.length} bytes from ${from.address}:${from.port}`),
  })
  console.log(`listening on ${echo.address}:${echo.port}`)
  process.once('SIGINT', async () => {
    await echo.close() // nothing to wait for: there is no connection that could be open
    console.log('closed')
  })
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  process.exitCode = 1
})
