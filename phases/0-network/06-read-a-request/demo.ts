import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { asBytes } from '@sse-from-scratch/course'
import { findTool, run } from '@sse-from-scratch/testkit'
import { explain } from '@sse-from-scratch/wire-xray'
import { parseRequestHead } from '#ex/06-read-a-request'

// Real clients, and what you read from them.
const columns = Number(process.env['COLUMNS']) || 80
const server = createServer((socket) => {
  let came: Uint8Array = new Uint8Array(0)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    came = asBytes([came, bytes])
    const text = read(came)
    if (text === undefined) return
    console.log(`${explain(came, { columns })}\n\n${text}\n`)
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
  })
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events?prompt=hello`

console.log('fetch\n')
await fetch(url, { method: 'POST', body: 'wörld', signal: AbortSignal.timeout(2000) }).catch(say)
const curl = findTool('curl')
if (curl) {
  console.log('curl\n')
  await run(curl.path, ['-s', '--max-time', '2', url])
}
server.close()

/** What your code says of these bytes; nothing while it wants more. */
function read(bytes: Uint8Array): string | undefined {
  try {
    const parsed = parseRequestHead(bytes)
    if (!parsed.done) return undefined
    const { method, target, version, fields } = parsed.head
    const lines = fields.map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`)
    return [`You read: ${method} ${target}, version ${version}`, ...lines, `  rest: ${parsed.rest.length} bytes`].join(
      '\n',
    )
  } catch (error) {
    return `You refuse it: ${error instanceof Error ? error.message : error}`
  }
}

function say(error: unknown): void {
  console.log(`fetch got no answer: ${error instanceof Error ? error.message : error}\n`)
}
