import { runBench } from './bench.ts'
import { clientRaces } from './chunked-client.ts'
import { decodeRaces } from './chunked-decode.ts'
import { encoderRaces } from './chunked-encoder.ts'

await runBench({
  name: 'chunked',
  description: `The chunked transfer coding beside node's own parser.

Rates are per second of CPU time.`,
  races: [...decodeRaces(), ...clientRaces(), ...encoderRaces()],
})
