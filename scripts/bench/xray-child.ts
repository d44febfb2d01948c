// A server, a client, and between them, in a process of its own, what is measured.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerRounds, startChild } from './child.ts'
import { median } from './statistics.ts'
import type { Used } from './xray-middle.ts'
import { chunkOf, startOrigin } from './xray-origin.ts'

const [what = '', kind = ''] = process.argv.slice(2)
const PACED = 150
const NOT_COUNTED = 30
const MANY = 40_000
const ALONE = 3000
const WARM_UP = 5 // times as many as in a round: what is rarely done is not compiled for long, and would be measured as that
const FLOOD = 64 * 1024 * 1024
const block = Buffer.from(chunkOf(' token').repeat(400))

let say: Socket | undefined // the server's end of the connection that was asked on last
let onAsked = () => {}
const origin = await startOrigin((socket) => {
  say = socket
  onAsked()
})

interface Middle {
  readonly port: number
  used(): Promise<Used>
}

async function startMiddle(): Promise<Middle> {
  if (kind === 'nobody') return { port: origin, used: async () => ({ cpu: 0, events: 0, unread: 0, growth: 0 }) }
  const { child, ready } = await startChild(new URL('xray-middle.js', import.meta.url), [kind, `${origin}`])
  return { port: Number(ready), used: () => usedBy(child) }
}

async function usedBy(child: ChildProcess): Promise<Used> {
  child.send('used')
  const [message] = await once(child, 'message')
  return message.ready
}

/** A client that has asked, and the head of its answer has come. */
async function ask(port: number): Promise<Socket> {
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve
  })
  client.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
  await Promise.all([asked, once(client, 'data')])
  return client
}

/** Microseconds that an event is under way when there is nothing else, the median. */
async function delay(port: number): Promise<number> {
  const client = await ask(port)
  const delays: number[] = []
  client.on('data', (bytes) => {
    const sent = /"content":"(\d+)"/.exec(bytes.toString('latin1'))?.[1]
    if (sent) delays.push(Number(process.hrtime.bigint() - BigInt(sent)) / 1000)
  })
  for (let n = 0; n < PACED; n++) {
    say?.write(chunkOf(`${process.hrtime.bigint()}`))
    await sleep(3)
  }
  client.destroy()
  return median(delays.slice(NOT_COUNTED))
}

/** As many bytes as that, as fast as the other side takes them; each read of the client is followed by a pause, if there is one. */
async function pour(port: number, total: number, pause = 0): Promise<void> {
  const client = await ask(port)
  let came = 0
  const all = new Promise<void>((resolve) => {
    client.on('data', (bytes) => {
      came += bytes.length
      if (came >= total) resolve()
      if (pause === 0) return
      client.pause()
      setTimeout(() => client.resume(), pause)
    })
  })
  for (let sent = 0; sent < total && say; sent += block.length) if (!say.write(block)) await once(say, 'drain')
  await all
  client.destroy()
}

/** Microseconds of CPU time in the middle for each of many events, which come as fast as they are taken. */
async function cpuAmongMany({ port, used }: Middle): Promise<number> {
  const before = await used()
  await pour(port, (MANY / 400) * block.length)
  const after = await used()
  if (kind.startsWith('xray') && after.events - before.events !== MANY) throw new Error(`${after.events} events`)
  return (after.cpu - before.cpu) / MANY
}

/** The same for events of which each waits until the one before it has come: a read for each. */
async function cpuAlone({ port, used }: Middle): Promise<number> {
  const client = await ask(port)
  const before = await used()
  for (let n = 0; n < ALONE; n++) {
    say?.write(chunkOf(' token'))
    await once(client, 'data')
  }
  const after = await used()
  client.destroy()
  return (after.cpu - before.cpu) / ALONE
}

const middle = await startMiddle()
const { port } = middle

const measures: Readonly<Record<string, (seconds: number) => Promise<number>>> = {
  delay: () => delay(port),
  'cpu among many': () => cpuAmongMany(middle),
  'cpu alone': () => cpuAlone(middle),
  async throughput() {
    const start = process.hrtime.bigint()
    await pour(port, FLOOD)
    return FLOOD / (Number(process.hrtime.bigint() - start) / 1e9)
  },
  async flood() {
    await pour(port, FLOOD, 1)
    return (await middle.used()).growth
  },
}

const measure = measures[what]
if (!measure) throw new RangeError(`nothing to measure: ${what}`)
if (what.startsWith('cpu')) for (let n = 0; n < WARM_UP; n++) await measure(0)
answerRounds(measure)
