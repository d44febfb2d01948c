// npm run bench:fanout
import { runBench } from './bench.ts'
import { FIRST } from './fanout-bound.ts'
import { idleWeighing, stalledWeighing } from './fanout-memory.ts'
import { nodeRateRaces, rateRaces } from './fanout-rate.ts'
import { withOpenFiles } from './open-files.ts'

const full = process.argv.includes('--full')
const many = full ? 10_000 : 4000

await runBench({
  name: 'fanout',
  description: `One publisher, many event streams: a channel over our own stack beside better-sse, beside node:http and node:net,
which write bytes that were made beforehand.

Speed: deliveries of an event of 218 B per second of the server's own CPU time. A tick is a turn of the event loop. Every
server has a process of its own, and another one with clients that only count; it does not run ahead of them.
Memory: what a session adds to the RSS of its server. With --full, 10,000 sessions.`,
  races: [
    ...rateRaces(1000),
    ...nodeRateRaces(1000),
    withOpenFiles(many + FIRST, idleWeighing(many)),
    stalledWeighing(),
    ...(full ? rateRaces(10_000).map((race) => withOpenFiles(10_000, race)) : []),
  ],
})
