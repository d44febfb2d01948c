import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes, type Clock, realClock } from '@sse-from-scratch/course'
import { startChaosProxy } from '@sse-from-scratch/testkit'
import { explain } from '@sse-from-scratch/wire-xray'
import { resilient } from '#ex/05-survive'
import type { Open } from './contract.ts'
import { askFor } from './samples/ask.ts'

// A stream of words behind a proxy that cuts each connection, by FIN and by RST in turns, and your client that goes on.
const WORDS = ['nothing', 'is', 'lost', 'and', 'nothing', 'comes', 'twice', '\u2013', 'wherever', 'you', 'cut']
const columns = Number(process.env['COLUMNS']) || 80
const block = (word: string, nth: number) => `id: ${nth + 1}\ndata: ${word}\n\n`

const server = createServer(({ headers }, response) => {
  const next = Number(headers['last-event-id'] || 0)
  response.setHeader('Connection', 'close')
  response.sendDate = false
  if (next >= WORDS.length) return response.writeHead(204).end()
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('retry: 20\n\n')
  for (const [nth, word] of WORDS.entries()) if (nth >= next) response.write(block(word, nth))
  return response.end()
})
await once(server.listen(0, '127.0.0.1'), 'listening')

let connections = 0
const proxy = await startChaosProxy({
  target: (server.address() as AddressInfo).port,
  toClient: () => ({ cutAfter: 130 + 13 * connections, cut: connections % 2 === 0 ? 'reset' : 'end' }),
})

const ask = askFor(proxy.url)
const open: Open = async ({ lastEventId, signal }) => {
  connections++
  console.log(`\nconnection ${connections}   Last-Event-ID: ${lastEventId === '' ? '(none)' : lastEventId}`)
  const body = await ask({ lastEventId, signal })
  if (body === 'over') console.log('              204: over')
  return body === 'over' ? body : watch(body)
}

/** The last bytes of the body before the cut. */
async function* watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last = ''
  const text = new TextDecoder()
  try {
    for await (const bytes of body) {
      last += text.decode(bytes, { stream: true })
      yield bytes
    }
    console.log(`              ends behind ${JSON.stringify(last.slice(-24))}`)
  } catch {
    console.log(`              breaks behind ${JSON.stringify(last.slice(-24))}`)
  }
}

console.log('What the server sends, as far as the first cut may come:\n')
console.log(explain(asBytes(`retry: 20\n\n${block('nothing', 0)}id: 2\nda`), { as: 'event-stream', columns }))
const heard: string[] = []
try {
  // Nobody watches a demo that waits half a minute: when the time is up, whoever sleeps is woken.
  const signal = AbortSignal.timeout(4000)
  const clock: Clock = {
    ...realClock,
    sleep: (ms, own) => realClock.sleep(ms, own === undefined ? signal : AbortSignal.any([signal, own])),
  }
  for await (const { data, lastEventId } of resilient(open, { tries: 5, clock })) {
    console.log(`              event ${lastEventId}: ${data}`)
    heard.push(data)
    if (signal.aborted || heard.length > 3 * WORDS.length) break
  }
} catch (error) {
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  console.log('\nresilient:', isLate ? 'still waiting after 4 s' : error instanceof Error ? error.message : error)
}
console.log(`\nheard: ${heard.join(' ')}`)
console.log(
  `${heard.join(' ') === WORDS.join(' ') ? 'each word once' : `sent:  ${WORDS.join(' ')}`}, over ${connections} connections`,
)
await proxy.close()
server.close()
server.closeAllConnections()
