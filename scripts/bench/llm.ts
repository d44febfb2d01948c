import { runBench } from './bench.ts'
import { clientRaces } from './llm-race.ts'

await runBench({
  name: 'llm',
  description: '',
  races: [...clientRaces()],
})
