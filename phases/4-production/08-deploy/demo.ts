import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { asBytes, asText, realClock, within } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { explain } from '@sse-from-scratch/wire-xray'
import { drain } from '#ex/08-deploy'
import type { Client, DrainableServer } from './contract.ts'
import { clientOf, watchIdle } from './samples/on-node-http.ts'

// A deploy under five clients, one of which does not read: the old server goes, and a new one takes its port.
const EVENTS = 8
const GRACE = 600
const RETRY = 300
const columns = Number(process.env['COLUMNS']) || 80
const start = performance.now()
const say = (text: string) => console.log(`${`${Math.round(performance.now() - start)}`.padStart(6)} ms  ${text}`)

interface Deployable extends DrainableServer {
  readonly port: number
  close(): void
}

/** Events up to `last`, and then the stream stays open. */
async function listen(name: string, port: number, last: number): Promise<Deployable> {
  const clients = new Set<Client>()
  const server = createServer((request, response) => {
    const who = request.url?.slice(1)
    const heard = Number(request.headers['last-event-id'] ?? 0)
    if (who !== 'watch')
      say(
        `${name}: ${who} asks${heard > 0 ? `, Last-Event-ID: ${heard}` : ''}${server.listening ? '' : '  (too late!)'}`,
      )
    response.sendDate = false
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (let id = heard + 1; id <= last; id++) response.write(`id: ${id}\ndata: from the ${name} server\n\n`)
    if (who === 'sleeper') response.write(`data: ${'x'.repeat(2 ** 24)}\n\n`)
    clients.add(clientOf(response))
    response.on('error', () => {})
  })
  const idle = watchIdle(server)
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    clients,
    stopListening() {
      server.close()
      say(`${name}: stops listening`)
    },
    closeIdle() {
      for (const socket of idle) socket.end()
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Reads until it has heard all, and comes back on the connection that it has, if that is still there. */
async function read(who: string, port: number, signal: AbortSignal): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const heard: string[] = []
  let [lastEventId, wait] = ['', 200]
  while (heard.length < EVENTS && !signal.aborted) {
    try {
      const headers = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId }
      const [body] = (await once(get({ port, path: `/${who}`, agent, headers, signal }), 'response')) as [
        IncomingMessage,
      ]
      const decoder = createEventDecoder({ lastEventId })
      for await (const bytes of body) {
        decoder.push(bytes, (item) => {
          if (item.kind === 'event') heard.push(`${item.event.lastEventId}`)
          if (item.kind === 'retry') wait = item.milliseconds
        })
        lastEventId = decoder.lastEventId
        if (heard.length >= EVENTS) break
      }
      if (heard.length < EVENTS) say(`          ${who} reads the end, and will be back in ${wait} ms`)
    } catch {
      if (!signal.aborted) say(`          ${who} was cut, or refused; ${wait} ms`)
    }
    if (heard.length < EVENTS) await realClock.sleep(wait, signal).catch(() => {})
  }
  agent.destroy()
  return `${who}: ${heard.join(' ')}`
}

const stop = AbortSignal.timeout(3500)
const old = await listen('old', 0, EVENTS / 2)
const watcher = connect(old.port, '127.0.0.1').on('error', () => {})
const wire: Buffer[] = []
watcher.on('data', (bytes: Buffer) => wire.push(bytes))
watcher.write('GET /watch HTTP/1.1\r\nHost: localhost\r\n\r\n')
const sleeper = connect(old.port, '127.0.0.1').on('error', () => {})
sleeper.write('GET /sleeper HTTP/1.1\r\nHost: localhost\r\n\r\n')
sleeper.pause()
const readers = ['ada', 'bob', 'cy'].map((who) => read(who, old.port, stop))
await realClock.sleep(200)

try {
  const drained = drain(old, GRACE, { retry: RETRY, clock: realClock, random: Math.random })
  const next = await listen('new', old.port, EVENTS).catch(() =>
    say('new: the port is taken: the old one listens still'),
  )
  const { closed } = await within(3000, drained, 'drain to be done')
  say(`old: drained, ${closed} of 5 ended in good order`)
  const heard = await Promise.all(readers)
  console.log(`\n${heard.join('\n')}\n`)
  const last = asText(Buffer.concat(wire)).split('\r\n').slice(-7).join('\r\n')
  console.log('The last words of the old server, as they were on the wire:\n')
  console.log(explain(asBytes(last), { as: 'chunked-body', columns }))
  next?.close()
} catch (error) {
  console.log('drain:', error instanceof Error ? error.message : error)
}
process.exit() // the sleeper never reads that it is over
