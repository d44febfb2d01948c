// Who stands between a client and its server, in a process of its own: says what it has used up, whenever it is asked.
import { connect, createServer } from 'node:net'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { createEntryMask } from '@sse-from-scratch/wire-xray/recording'
import { sayReady } from './child.ts'

/** What a middle has come to since it was started. */
export interface Used {
  /** Microseconds of CPU time. */
  readonly cpu: number
  /** Events that were explained. */
  readonly events: number
  /** Bytes that went by unread. */
  readonly unread: number
  /** The most bytes of memory (RSS) above what it had when it was ready. */
  readonly growth: number
}

const [kind = '', target = ''] = process.argv.slice(2)
let events = 0
let unread = 0
let settled = async () => {}

/** Nothing but two sockets: what any process in between costs. */
async function pipe(): Promise<number> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: Number(target), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

async function xray(record: boolean, maxWaiting?: number): Promise<number> {
  const mask = createEntryMask({ record: () => {} })
  const proxy = await startProxy({
    target: `http://127.0.0.1:${target}`,
    onItem(item) {
      if (item.kind === 'finding' && item.finding.kind === 'event') events++
      if (item.kind === 'gap') unread += item.size
    },
    ...(record && { onEntry: mask.take }),
    ...(maxWaiting !== undefined && { maxWaiting }),
  })
  settled = proxy.settled
  return proxy.address.port
}

const middles: Readonly<Record<string, () => Promise<number>>> = {
  'bare pipe': pipe,
  xray: () => xray(false),
  'xray, nothing left out': () => xray(false, Number.POSITIVE_INFINITY),
  'xray, recording': () => xray(true),
}

const port = await middles[kind]?.()
if (port === undefined) throw new RangeError(`no middle ${kind}`)
const before = process.memoryUsage.rss()
let most = before
setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 10).unref()

process.on('message', async () => {
  await settled()
  const { user, system } = process.cpuUsage()
  process.send?.({ ready: { cpu: user + system, events, unread, growth: most - before } satisfies Used })
})
sayReady(port)
