import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventSource } from 'undici'
import { afterResponse } from '#ex/07-how-to-stop'

process.removeAllListeners('warning') // undici says that its EventSource is experimental: here it is only a judge

// What you say to each answer, and what an EventSource does when a real server gives it.
const answers: readonly (readonly [number, string?])[] = [
  [200, 'text/event-stream'],
  [200, 'text/event-stream; charset=utf-8'],
  [200, 'text/html'],
  [204],
  [301],
  [404, 'text/html'],
  [500, 'text/html'],
  [503],
  [0],
]

console.log(`${'status'.padEnd(8)}${'Content-Type'.padEnd(36)}${'you'.padEnd(8)}undici`)
for (const [status, type] of answers) {
  const mine = await said(status, type)
  const theirs = await done(status, type)
  const mark = mine === theirs ? '' : '   ← not the same'
  console.log(`${`${status || 'none'}`.padEnd(8)}${(type ?? '-').padEnd(36)}${mine.padEnd(8)}${theirs}${mark}`)
}

async function said(status: number, type: string | undefined): Promise<string> {
  try {
    return await afterResponse(status, type)
  } catch (error) {
    return error instanceof Error && error.name === 'Todo' ? '?' : 'throws'
  }
}

async function done(status: number, type: string | undefined): Promise<string> {
  const server = createServer((_, response) => {
    if (status === 0) response.destroy()
    else response.writeHead(status, { ...(type !== undefined && { 'Content-Type': type }), Connection: 'close' }).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const source = new EventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const end = await Promise.race([once(source, 'open').then(() => 'open' as const), once(source, 'error')])
  const { readyState } = source
  source.close()
  server.close()
  server.closeAllConnections()
  return end === 'open' ? 'open' : readyState === EventSource.CLOSED ? 'stop' : 'retry'
}
