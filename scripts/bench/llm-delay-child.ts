// One client, and the provider that it has for itself, whose tokens say when they were sent.
import { answerRounds, startChild, stopChild } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'
import { type ClientName, clients } from './llm-clients.ts'
import { median } from './statistics.ts'

const TOKENS = 60
const FIRST = 10 // these do not count: a connection was just made

const [name = ''] = process.argv.slice(2)
const ask = clients[name as ClientName]
if (!ask) throw new RangeError(`no client ${name}`)
await warmUp()
const { ready } = await startChild(new URL('llm-server.js', import.meta.url), ['paced', `${TOKENS}`])

answerRounds(async () => {
  const delays: number[] = []
  await ask(`http://127.0.0.1:${ready}`, (text) => {
    // The monotonic clock of the machine, which is the same in every process.
    delays.push(Number(process.hrtime.bigint() - BigInt(text.trim())) / 1000)
  })
  if (delays.length < TOKENS) throw new Error(`${delays.length} of ${TOKENS} tokens`)
  return median(delays.slice(FIRST))
})

/** A second of CPU time: what is rarely done is not compiled for long, and would be measured as that. */
async function warmUp(): Promise<void> {
  const { child, ready } = await startChild(new URL('llm-server.js', import.meta.url), ['flat out', '5000'])
  await perCpuSecond(1, async () => {
    await ask?.(`http://127.0.0.1:${ready}`, () => {})
    return 1
  })
  await stopChild(child)
}
