import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { event, token } from './made.ts'

/** What the server sends: so many events of so many bytes, one each so many milliseconds. None of it is a case that a rule was made for. */
const STREAMS: Readonly<Record<string, readonly [count: number, every: number, size: number]>> = {
  '/short': [14, 60, 110],
  '/long': [110, 9, 380],
  '/wide': [10, 80, 800],
  '/big': [9, 110, 6500],
  '/far': [5, 900, 90],
}

/** A server that flushes its head and each event. */
export async function startOrigin(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url as string, 'http://a').pathname
    if (path === '/page') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>a page')
    const cache = path === '/short' && request.url?.includes('kept') ? {} : { 'Cache-Control': 'no-store' }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...cache })
    response.flushHeaders()
    const [count, every, size] = STREAMS[path] ?? [12, 40, 0]
    if (path === '/silent') return void response.write(event(0, 90))
    if (path === '/late') return void setTimeout(() => response.end(event(0, 90)), 1200)
    if (path === '/crash') return send(response, 7, every, (n) => token(`t${n} `), breakOff)
    if (path === '/llm')
      return send(
        response,
        count,
        every,
        (n) => token(`t${n} `),
        () => response.end('data: [DONE]\n\n'),
      )
    send(
      response,
      count,
      every,
      (n) => event(n, size),
      () => response.end(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function breakOff(response: ServerResponse): void {
  response.socket?.end()
}

function send(
  response: ServerResponse,
  count: number,
  every: number,
  what: (n: number) => string,
  end: (response: ServerResponse) => void,
): void {
  let n = 0
  const timer = setInterval(() => {
    if (n < count) response.write(what(n++))
    else {
      clearInterval(timer)
      end(response)
    }
  }, every)
  response.on('close', () => clearInterval(timer))
}
