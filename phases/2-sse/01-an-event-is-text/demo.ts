import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { createParser } from 'eventsource-parser'
import { encodeEvent } from '#ex/01-an-event-is-text'

// Your events: first as bytes, then as a client hears them that knows nothing of you.
try {
  const stream = [
    encodeEvent({ comment: 'hello, client', retry: 3000 }),
    encodeEvent({ event: 'token', id: '1', data: 'wörld' }),
    encodeEvent({ id: '2', data: 'a text\n\nof three lines' }),
  ].join('')
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
  console.log(`${explain(asBytes([head, stream]), { columns: Number(process.env['COLUMNS']) || 80 })}\n`)
  await hear(stream)
  tryToForge()
} catch (error) {
  console.log('Your encoder throws:', error instanceof Error ? error.message : error)
}

/** Sends the stream to node's own fetch, and lets a parser read what comes. */
async function hear(stream: string): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'close' }).end(stream)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => console.log(`heard: ${event} #${id} ${JSON.stringify(data)}`),
    onComment: (text) => console.log(`read past: a comment, ${JSON.stringify(text)}`),
    onRetry: (ms) => console.log(`will wait ${ms} ms before coming back`),
  })
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`)
    parser.feed(await response.text())
  } finally {
    server.close()
  }
}

function tryToForge(): void {
  try {
    encodeEvent({ id: '3\ndata: forged\n\n', data: 'true' })
    console.log('An event was forged: the id had a line break in it, and you sent it.')
  } catch (error) {
    console.log('A forged event is refused:', error instanceof Error ? error.message : error)
  }
}
