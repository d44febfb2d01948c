// npm run bench:fanout
import { runBench } from './bench.ts'
import { nodeRateRaces, rateRaces } from './fanout-rate.ts'

const full = process.argv.includes('--full')

await runBench({
  name: 'fanout',
  description: `One publisher, many event streams: channels beside better-sse and bare node:http.`,
  races: [...rateRaces(1000), ...nodeRateRaces(1000), ...(full ? rateRaces(10_000) : [])],
})
