// One server, and the clients that it has for itself in a process of their own: bytes that each of these costs it.
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { answerRounds } from './child.ts'
import { FIRST } from './fanout-bound.ts'
import { startReceivers } from './fanout-receivers.ts'
import { FANOUT_SERVERS } from './fanout-servers.ts'

const [name = '', what = '', countText] = process.argv.slice(2)
const count = Number(countText)
const start = FANOUT_SERVERS[name]
if (!start) throw new RangeError(`no server ${name}`)

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const server = await start()
const receivers = await startReceivers(server.port)

/** Stalled ones: as many events as make 50 MB, in turns of a hundred. */
const TURNS = 2300
const EVENTS = 100

answerRounds(what === 'stalled' ? costOfStalled : costOfIdle)

async function costOfIdle(): Promise<number> {
  await receivers.open(FIRST)
  const before = await residentSetSize()
  await receivers.open(count)
  return ((await residentSetSize()) - before) / count
}

/** A reader who reads pays for what is made once. */
async function costOfStalled(): Promise<number> {
  await receivers.open(1)
  await publish()
  await receivers.received(TURNS * EVENTS)
  const before = await residentSetSize()
  await receivers.open(count, { stalled: true })
  await publish()
  await receivers.received(2 * TURNS * EVENTS)
  return ((await residentSetSize()) - before) / count
}

async function publish(): Promise<void> {
  for (let n = 0; n < TURNS; n++) {
    server.publish(EVENTS)
    await setImmediate()
  }
}

async function residentSetSize(): Promise<number> {
  for (let n = 0; n < 3; n++) {
    await setImmediate()
    collectGarbage()
  }
  return process.memoryUsage.rss()
}
