// One client, and the provider that it has for itself in a process of its own: tokens per second of the client's CPU time.
import { answerRounds, startChild } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'
import { type ClientName, clients } from './llm-clients.ts'

const TOKENS = 20_000
const WARM_UP = 1 // seconds of CPU time: it is much code, and V8 needs that long to know it

const [name = ''] = process.argv.slice(2)
const ask = clients[name as ClientName]
if (!ask) throw new RangeError(`no client ${name}`)
const { ready } = await startChild(new URL('llm-server.js', import.meta.url), ['flat out', `${TOKENS}`])
const url = `http://127.0.0.1:${ready}`

await perCpuSecond(WARM_UP, wholeAnswer)
answerRounds((seconds) => perCpuSecond(seconds, wholeAnswer))

async function wholeAnswer(): Promise<number> {
  let taken = 0
  await ask?.(url, () => {
    taken++
  })
  if (taken < TOKENS) throw new Error(`${taken} of ${TOKENS} tokens`)
  return TOKENS
}
