// One client, and the provider that it has for itself, whose tokens say when they were sent.
import { answerRounds, startChild } from './child.ts'
import { type ClientName, clients } from './llm-clients.ts'
import { median } from './statistics.ts'

const TOKENS = 60
const FIRST = 10 // these do not count: a connection was just made

const [name = ''] = process.argv.slice(2)
const ask = clients[name as ClientName]
if (!ask) throw new RangeError(`no client ${name}`)
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
