import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes, realClock } from '@sse-from-scratch/course'
import { findTool, startNginx, toolVersion } from '@sse-from-scratch/testkit'
import { explain } from '@sse-from-scratch/wire-xray'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { withHeartbeat } from '#ex/02-heartbeat'
import type { SseEvent } from './contract.ts'

// A proxy that gives up when no byte comes, and a model that thinks for longer: without your heartbeat, and with it.
const THINKING = 1500
const PATIENCE = 700
const HEARTBEAT = 200
const nginx = findTool('nginx')
const hop = nginx
  ? `nginx ${toolVersion(nginx)}, proxy_read_timeout`
  : "wire-xray's imitation, since there is no nginx: idle"
console.log(
  `through ${hop} ${PATIENCE} ms; the stream is silent for ${THINKING} ms,\nyour heartbeat has ${HEARTBEAT} ms\n`,
)

async function* thinking(): AsyncGenerator<SseEvent> {
  yield { data: 'let me think' }
  await realClock.sleep(THINKING)
  yield { data: '42' }
}

const encode = ({ comment, data }: SseEvent) => (data === undefined ? `:${comment ?? ''}\n\n` : `data: ${data}\n\n`)

const server = createServer(async ({ url }, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  try {
    const events = url === '/with' ? withHeartbeat(thinking(), HEARTBEAT, realClock) : thinking()
    for await (const event of events) {
      if (response.destroyed) return
      response.write(encode(event))
    }
    response.end()
  } catch (error) {
    console.log('   withHeartbeat:', error instanceof Error ? error.message : error)
    response.destroy()
  }
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
const location = `proxy_http_version 1.1; proxy_read_timeout ${PATIENCE}ms;`
const proxy = nginx
  ? await startNginx({ upstream: port, location, tool: nginx })
  : await startProxy({ target: `http://127.0.0.1:${port}`, faults: `idle=${PATIENCE}ms` })

for (const way of ['without', 'with']) {
  console.log(`${way} your heartbeat`)
  const start = performance.now()
  const say = (text: string) => console.log(`${`${Math.round(performance.now() - start)}`.padStart(7)} ms  ${text}`)
  try {
    const { body } = await fetch(`${proxy.url}/${way}`)
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>)
      say(JSON.stringify(Buffer.from(bytes).toString()))
    say('the end, and complete')
  } catch (error) {
    say(`cut: ${error instanceof Error ? error.message : error}`)
  }
}
await proxy.close()
server.close()
server.closeAllConnections()

const stream = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${encode({ data: 'let me think' })}${encode({ comment: '' })}${encode({ data: '42' })}`
console.log(`\n${explain(asBytes(stream), { columns: Number(process.env['COLUMNS']) || 80 })}`)
