import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeEvent } from '@sse-from-scratch/sse-server'
import type { CreateSseServer, SseConnection } from '../contract.ts'

/** `close`: a stream is long, and nothing waits behind it. So nothing is left open when it has ended. */
const HEAD = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache', Connection: 'close' }

export const createSseServer: CreateSseServer = (on) => {
  const clients = new Set<SseConnection>()

  const server = createServer((_request, response) => {
    response.on('error', () => {}) // a client that resets its connection is no reason to stop
    response.writeHead(200, HEAD)
    response.flushHeaders() // or the head would wait for the first event
    const client = connectionOf(response)
    clients.add(client)
    client.signal.addEventListener('abort', () => clients.delete(client))
    on(client)
  })

  return {
    async listen(port = 0) {
      await once(server.listen(port, '127.0.0.1'), 'listening')
      return (server.address() as AddressInfo).port
    },
    async close() {
      const closed = once(server, 'close')
      server.close() // takes nobody new, and waits for those who are there: so end them
      for (const client of clients) client.end()
      await closed
    },
  }
}

/** One for each client: what one is sent, and whether it has gone, is no other's affair. */
function connectionOf(response: ServerResponse): SseConnection {
  const over = new AbortController()
  response.on('close', () => over.abort()) // also when the client has gone
  return {
    send(event) {
      const { bytes } = encodeEvent(event) // first: an event that cannot be sent is refused in any case
      if (!over.signal.aborted) response.write(bytes) // one write, one chunk
    },
    end() {
      if (over.signal.aborted) return
      response.end()
      over.abort()
    },
    signal: over.signal,
  }
}
