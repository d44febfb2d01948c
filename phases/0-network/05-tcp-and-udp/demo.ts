import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { audit, sendNumbered } from '#ex/05-tcp-and-udp'
import { startCuttingRelay } from '../demos/cutting-relay.ts'
import { startLossyRelay } from '../demos/lossy-relay.ts'

// Your numbers over a bad line, once as datagrams and once over a connection. Another seed is other weather:
// npm run course run 0.5 always takes a new one, so look at it more than once.
const COUNT = 20
const SILENCE = 500 // milliseconds: UDP never says that this was all
const seed = Date.now() % 1000
const limit = setTimeout(() => {
  console.log('Nothing for 4 seconds: does sendNumbered resolve?')
  process.exit()
}, 4000)

try {
  await overUdp()
  await overTcp()
} catch (error) {
  console.log('Your code:', error instanceof Error ? error.message : error)
  process.exitCode = 1
}
clearTimeout(limit)
process.exit()

async function overUdp(): Promise<void> {
  const receiver = createSocket('udp4')
  const reads: string[] = []
  receiver.bind(0, '127.0.0.1')
  await once(receiver, 'listening')
  let lastAt = Date.now()
  receiver.on('message', (datagram) => {
    reads.push(datagram.toString())
    lastAt = Date.now()
  })
  const relay = await startLossyRelay(receiver.address().port, { seed, drop: 0.15, swap: 0.25 })
  await sendNumbered('udp', relay.port, COUNT)
  while (Date.now() - lastAt < SILENCE) await new Promise((resolve) => setTimeout(resolve, 50))
  report('UDP', reads, reads, `${SILENCE} ms of silence`)
  receiver.close()
  await relay[Symbol.asyncDispose]()
}

async function overTcp(): Promise<void> {
  const reads: string[] = []
  const server = createServer((socket) => socket.on('data', (bytes) => reads.push(bytes.toString())))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const ended = once(server, 'connection').then(([socket]) => once(socket, 'end'))
  const relay = await startCuttingRelay((server.address() as AddressInfo).port, seed)
  await sendNumbered('tcp', relay.address.port, COUNT)
  await ended
  report('TCP', reads, reads.join('').split('\n').slice(0, -1), 'FIN')
  server.close()
  await relay[Symbol.asyncDispose]()
}

function report(kind: string, reads: readonly string[], lines: readonly string[], end: string): void {
  const shown = reads.map((read) => read.replaceAll('\n', '␊'))
  const { lost, swapped, twice } = audit(lines.map(Number), COUNT)
  console.log(`${kind}: ${COUNT} numbers sent, ${reads.length} reads. The end is known by ${end}.`)
  console.log(`  ${shown.join(' | ')}`)
  console.log(`  lost ${lost.join(', ') || 'none'}; swapped ${swapped}; twice ${twice.join(', ') || 'none'}\n`)
}
