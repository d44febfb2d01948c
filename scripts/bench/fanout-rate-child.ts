// One server, and the clients that it has for itself in a process of their own: deliveries per second of CPU time.
import { setImmediate } from 'node:timers/promises'
import { answerRounds } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'
import { startReceivers } from './fanout-receivers.ts'
import { FANOUT_SERVERS } from './fanout-servers.ts'

/** Deliveries between two looks at the clock: the clients have then received them all. */
const LOOK_AFTER = 20_000

const [name = '', connectionsText, eventsText] = process.argv.slice(2)
const connections = Number(connectionsText)
const events = Number(eventsText)
const start = FANOUT_SERVERS[name]
if (!start) throw new RangeError(`no server ${name}`)

const server = await start()
const receivers = await startReceivers(server.port)
await receivers.open(connections)
const turns = Math.max(1, Math.round(LOOK_AFTER / connections / events))
let sent = 0

answerRounds((seconds) =>
  perCpuSecond(seconds, async () => {
    for (let n = 0; n < turns; n++) {
      server.publish(events)
      await setImmediate()
    }
    const deliveries = turns * events * connections
    sent += deliveries
    await receivers.received(sent)
    return deliveries
  }),
)
