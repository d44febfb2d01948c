import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { connect } from '#ex/05-come-back'

// A server that breaks each connection in the middle of an event, and your client that comes back for the rest.
const WORDS = ['streams', 'break', 'and', 'clients', 'come', 'back']
const start = performance.now()
const columns = Number(process.env['COLUMNS']) || 80
const say = (who: string, text: string) =>
  console.log(`${`${Math.round(performance.now() - start)}`.padStart(5)} ms  ${who.padEnd(7)} ${text}`)

const server = createServer(({ method, url, headers }, response) => {
  const id = headers['last-event-id']
  say('server', `${method} ${url}   ${id === undefined ? 'no Last-Event-ID' : `Last-Event-ID: ${id}`}`)
  const next = Number(id ?? 0)
  if (next >= WORDS.length) {
    response.writeHead(204, { Connection: 'close' }).end()
    return
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'close' })
  const [whole, half] = WORDS.slice(next, next + 2)
  response.write(`retry: 200\n\nid: ${next + 1}\ndata: ${whole}\n\n`)
  if (half === undefined) response.end()
  else response.write(`id: ${next + 2}\ndata: ${half.slice(0, 2)}`, () => setTimeout(() => response.destroy(), 20))
})
await once(server.listen(0, '127.0.0.1'), 'listening')

console.log('What the server sends before it breaks the connection for the first time:\n')
console.log(
  `${explain(asBytes(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 200\n\nid: 1\ndata: streams\n\nid: 2\ndata: br`), { columns })}\n`,
)

const heard: string[] = []
try {
  const stream = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, {
    onEvent({ data, lastEventId }) {
      heard.push(data)
      say('client', `event ${lastEventId}: ${data}`)
    },
  })
  const limit = Date.now() + 4000
  while (stream.readyState !== 2 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 10))
  say('client', stream.readyState === 2 ? 'closed: the server has said 204' : 'is still not closed after 4 seconds')
  stream.close()
  const same = heard.join(' ') === WORDS.join(' ')
  console.log(`\nheard: ${heard.join(' ')}\n${same ? 'each word once' : `sent:  ${WORDS.join(' ')}`}`)
} catch (error) {
  console.log('connect:', error instanceof Error ? error.message : error)
}
server.close()
server.closeAllConnections()
