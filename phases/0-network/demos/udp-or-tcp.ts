/** Sends the same messages through UDP and through TCP, over a bad network, and says what each of them has kept. */
import { parseArgs } from 'node:util'
import { echo, listen } from '@sse-from-scratch/tcp-echo'
import { startCuttingRelay } from './cutting-relay.ts'
import { type Kept, whatWasKept } from './kept.ts'
import { startLossyRelay } from './lossy-relay.ts'
import { overTcp, overUdp, type RoundTrip } from './round-trip.ts'
import { startUdpEcho } from './udp-echo.ts'
import type { Weather } from './weather.ts'

const USAGE = `usage: udp-or-tcp [--messages 12] [--seed 1] [--drop 0.1] [--swap 0.2]

  --messages   how many to send, 1 to 1000
  --seed       of the weather: the same number drops and cuts at the same places
  --drop       how many of 1 datagrams get lost, on each of their two ways
  --swap       how many of 1 datagrams are overtaken by the next
  --help       this text
`

const QUIET = 500 // milliseconds without a datagram after which we believe that there is none to come
const MESSAGE = /<\d+>/g

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      messages: { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      drop: { type: 'string', default: '0.1' },
      swap: { type: 'string', default: '0.2' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)
  const count = numberFrom('messages', values.messages, 1, 1000)
  const weather: Weather = {
    seed: numberFrom('seed', values.seed, 0, 2 ** 32 - 1),
    drop: numberFrom('drop', values.drop, 0, 1),
    swap: numberFrom('swap', values.swap, 0, 1),
  }
  const messages = Array.from({ length: count }, (_, i) => `<${i + 1}>`)

  console.log(`sent             ${messages.join(' | ')}\n`)
  const udp = await throughUdp(messages, weather)
  const tcp = await throughTcp(messages, weather)
  console.log(`\n       each read    order   messages   the end is
       one message  kept    arrived    known by
UDP    ${row(whatWasKept(messages, udp.reads, MESSAGE), count)}   ${udp.end}
TCP    ${row(whatWasKept(messages, tcp.reads, MESSAGE), count)}   ${tcp.end}`)
}

async function throughUdp(messages: readonly string[], weather: Weather): Promise<RoundTrip> {
  await using server = await startUdpEcho()
  await using relay = await startLossyRelay(server.port, weather)
  const trip = await overUdp(messages, relay.port, QUIET)
  const { sent, dropped, overtaken } = relay.traffic
  console.log(`UDP, ${reads(trip)}   ${trip.reads.join(' | ')}`)
  console.log(`                 of ${sent} datagrams there and back, ${dropped} dropped and ${overtaken} overtaken`)
  return trip
}

async function throughTcp(messages: readonly string[], { seed }: Weather): Promise<RoundTrip> {
  await using server = await listen(echo)
  await using relay = await startCuttingRelay(server.address.port, seed)
  const trip = await overTcp(messages, relay.address.port)
  console.log(`TCP, ${reads(trip)}   ${trip.reads.join(' | ')}`)
  return trip
}

function reads({ reads: { length } }: RoundTrip): string {
  return `${length} reads`.padEnd(9)
}

function row({ edges, order, arrived }: Kept, sent: number): string {
  const yes = (kept: boolean) => (kept ? 'yes' : 'no')
  return `${yes(edges).padEnd(13)}${yes(order).padEnd(8)}${`${arrived} of ${sent}`.padEnd(8)}`
}

function numberFrom(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new RangeError(`--${name} must be a number from ${least} to ${most}, not ${JSON.stringify(text)}`)
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  process.exitCode = 1
})
