import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type Connection, connect, fromSocket, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { withFaults } from '@sse-from-scratch/wire-xray/faults'
import type { Hop, HopOptions } from './hop.ts'

// For machines without nginx: the four directives that matter here, as nginx 1.22 was measured to obey them. It is no proof of
// anything: whoever sees its results is told where they come from.

/** Starts a proxy that holds streams as nginx does. It passes on one request for each connection. */
export async function startImitation({ upstream, location, http }: HopOptions): Promise<Hop> {
  const directives = `${http}\n${location}`.replaceAll(/#.*$/gm, '')
  if (!/(^|;|\})\s*$/.test(directives)) throw new Error('nginx refuses it: unexpected "}"')
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void pass(fromSocket(socket), upstream, directives).catch(() => socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

async function pass(client: Connection, upstream: number, directives: string): Promise<void> {
  const request = Buffer.from((await client.read()) ?? [])
  const version = /proxy_http_version\s+1\.1\s*;/.test(directives) ? '1.1' : '1.0'
  await using server = await connect({ port: upstream, host: '127.0.0.1' })
  await server.write(Buffer.from(request.toString('latin1').replace('HTTP/1.1', `HTTP/${version}`), 'latin1'))
  const answer = Buffer.from((await server.read()) ?? [])
  server.unread(answer)
  const faults = faultsOf(directives, answer.toString('latin1'))
  const way = wrapConnection(server, { write: async () => {} }) // the request is on its way already: the faults only hear of it
  const held = faults === undefined ? way : withFaults(way, faults)
  await held.write(request)
  for (let bytes = await held.read(); bytes !== null; bytes = await held.read()) await client.write(bytes)
  await client.end()
}

function faultsOf(directives: string, answer: string): string | undefined {
  const buffers = !/proxy_buffering\s+off\s*;/.test(directives) && !/^x-accel-buffering: *no\r$/im.test(answer)
  const compresses = /gzip\s+on\s*;/.test(directives) && !/gzip\s+off\s*;/.test(directives)
  if (compresses) return buffers ? 'gzip=noflush' : 'gzip=flush'
  if (!buffers) return undefined
  if (!/^transfer-encoding: *chunked\r$/im.test(answer)) return 'merge=all'
  return /^[1-9a-f][0-9a-f]{3,}\r$/im.test(answer) ? 'one-behind' : undefined // a chunk as large as a page
}
