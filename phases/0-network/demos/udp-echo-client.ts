/** Sends each of its arguments as one datagram, and prints each datagram that comes back on a line of its own. */
import { parseArgs } from 'node:util'
import { overUdp } from './round-trip.ts'

const USAGE = `usage: udp-echo-client [--port 7007] [--wait 500] text ...

  --port   where the server listens, on this machine
  --wait   milliseconds of silence after which it gives up waiting for more
  --help   this text
`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '7007' },
      wait: { type: 'string', default: '500' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)
  const wait = Number(values.wait)
  if (positionals.length === 0) throw new Error('nothing to send')
  if (!(wait > 0)) throw new Error('--wait must be more than 0 milliseconds')

  const { reads } = await overUdp(positionals, Number(values.port), wait)
  for (const read of reads) console.log(read)
  console.log(`${reads.length} of ${positionals.length} came back; whether more are on their way, UDP does not say`)
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  process.exitCode = 1
})
