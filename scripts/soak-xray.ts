// npm run soak:xray [-- --megabytes 1024]: does an answer without end cross the proxy as it is?
import { createHash, type Hash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { orExit, wholeNumber } from '../examples/command-line.ts'
import { type Connection, connect, listen } from '../packages/tcp-echo/src/index.ts'
import { retainedBytes } from '../packages/testkit/src/index.ts'
import { type Item, startProxy } from '../packages/wire-xray/src/proxy/index.ts'

const HELP = `npm run soak:xray                         a gigabyte
npm run soak:xray -- --megabytes 100      less of it

One answer of so many megabytes of events, as fast as it goes, from a server through the proxy to a client. The exit code
is 0 if it came as it was sent, to the byte; if each byte of it was explained or is said to be left out; and if what the
process holds on to has not grown by more than 32 MiB.`

const MEGABYTE = 1024 * 1024
const MOST_GROWTH = 32 * MEGABYTE
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

const size = orExit(() => {
  const { values } = parseArgs({
    options: { megabytes: { type: 'string', default: '1024' }, help: { type: 'boolean' } },
  })
  return values.help ? undefined : wholeNumber('--megabytes', values.megabytes) * MEGABYTE
})
if (size === undefined) console.log(HELP)
else process.exitCode = (await soak(size)) ? 0 : 1

/** True if every promise was kept. */
async function soak(size: number): Promise<boolean> {
  const sent = createHash('sha256')
  const server = await listen(async (connection) => {
    await connection.read()
    await pour(connection, size, sent)
  })
  const seen = { read: 0, leftOut: 0, events: 0 }
  const proxy = await startProxy({
    target: `http://127.0.0.1:${server.address.port}`,
    onItem: (item) => count(item, seen),
  })
  const before = retainedBytes()
  const start = performance.now()
  const received = createHash('sha256')
  const client = await connect({ port: proxy.address.port })
  await client.write(Buffer.from('GET / HTTP/1.1\r\nHost: soak\r\n\r\n'))
  const came = await drink(client, received, () => report(seen, start, before))
  await client[Symbol.asyncDispose]()
  await proxy.settled()
  const growth = report(seen, start, before)
  await proxy[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()

  const promises: readonly (readonly [what: string, kept: boolean])[] = [
    ['the client got what the server sent', sent.digest('hex') === received.digest('hex')],
    ['every byte was read or is said to be left out', seen.read + seen.leftOut === came],
    ['memory stayed flat', growth < MOST_GROWTH],
  ]
  for (const [what, kept] of promises) console.log(`${kept ? '✓' : '✗'} ${what}`)
  return promises.every(([, kept]) => kept)
}

/** Events of all sizes, in chunks of their own, and of each write many. */
async function pour(connection: Connection, size: number, hash: Hash): Promise<void> {
  const say = (text: string) => {
    const bytes = Buffer.from(text)
    hash.update(bytes)
    return connection.write(bytes)
  }
  await say(HEAD)
  for (let n = 0, total = 0; total < size; n++) {
    const chunks = Array.from({ length: 100 }, (_, i) =>
      chunkOf(`token ${n} ${'x'.repeat((n * 31 + i * 7) % 500)}`),
    ).join('')
    total += chunks.length
    await say(chunks)
  }
  await say('0\r\n\r\n')
  await connection.end()
}

function chunkOf(content: string): string {
  const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
  return `${event.length.toString(16)}\r\n${event}\r\n`
}

/** Everything that comes; looks around every hundred megabytes. */
async function drink(client: Connection, hash: Hash, look: () => void): Promise<number> {
  let came = 0
  for (let bytes = await client.read(); bytes !== null; bytes = await client.read()) {
    hash.update(bytes)
    if (Math.floor((came + bytes.length) / (100 * MEGABYTE)) > Math.floor(came / (100 * MEGABYTE))) look()
    came += bytes.length
  }
  return came
}

interface Seen {
  read: number
  leftOut: number
  events: number
}

function count(item: Item, seen: Seen): void {
  if (item.kind === 'read' && item.direction === 'down') seen.read += item.range[1] - item.range[0]
  if (item.kind === 'gap' && item.direction === 'down') seen.leftOut += item.size
  if (item.kind === 'finding' && item.finding.kind === 'event') seen.events++
}

/** Says how far it is; returns by how much memory has grown. */
function report({ read, leftOut, events }: Seen, start: number, before: number): number {
  const growth = retainedBytes() - before
  const seconds = (performance.now() - start) / 1000
  const mb = (bytes: number) => (bytes / MEGABYTE).toFixed(0)
  console.log(
    `${seconds.toFixed(0)} s: ${mb(read)} MB read, ${mb(leftOut)} left out, ${events} events, memory +${mb(growth)} MB`,
  )
  return growth
}
