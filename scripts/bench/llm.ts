import { runBench } from './bench.ts'
import { tokenDelay } from './llm-delay.ts'
import { partialJsonRaces } from './llm-partial-json.ts'
import { pausedReader } from './llm-pause.ts'
import { clientRaces } from './llm-race.ts'

await runBench({
  name: 'llm',
  description: `Answers of a language model, from the socket to a loop over their tokens: streamChat beside the SDKs, and beside
what people write by hand, which checks nothing.

Speed: tokens per second of the client's own CPU time, 20,000 of them as fast as they come. Every client has a process of
its own, and its provider another one, whose bytes were made beforehand. Delay: one token every 5 ms.`,
  races: [...clientRaces(), tokenDelay(), ...partialJsonRaces(), pausedReader()],
})
