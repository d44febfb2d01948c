import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { parseResponseHead } from '@sse-from-scratch/http-raw'
import { bodyFraming } from '#ex/01-what-ends-a-body'

// Real heads of node:http, and how your function understands them.
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/length': (response) => response.setHeader('Content-Length', 5).end('hello'),
  '/chunked': (response) => {
    response.write('hel')
    response.end('lo')
  },
  '/close': (response) => {
    response.removeHeader('transfer-encoding')
    response.useChunkedEncodingByDefault = false
    response.write('hello')
    response.end()
  },
  '/none': (response) => response.writeHead(204).end(),
}

const server = createServer((request, response) => ANSWERS[request.url ?? '']?.(response))
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
for (const [method, path] of [
  ['GET', '/length'],
  ['HEAD', '/length'],
  ['GET', '/chunked'],
  ['GET', '/close'],
  ['GET', '/none'],
]) {
  const client = connect(port, '127.0.0.1')
  client.end(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const bytes of client) text += bytes
  const [head = ''] = text.split('\r\n\r\n')
  console.log(`${method} ${path}\n  ${head.replaceAll('\r\n', '\n  ')}`)
  console.log(`  => ${framing(head, method ?? '')}\n`)
}
server.close()

function framing(head: string, method: string): string {
  try {
    return JSON.stringify(bodyFraming(parseResponseHead(head), method))
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : error}`
  }
}
