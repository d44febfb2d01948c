import { once } from 'node:events'
import { connect } from 'node:net'
import { explain } from '@sse-from-scratch/wire-xray'
import { createServer } from '#ex/08-a-server-from-raw-sockets'

// Your server: two requests in one write from a raw client, then fetch.
const limit = setTimeout(() => {
  console.log('Nothing for 4 seconds: does your server answer, and does it say where the answer ends?')
  process.exit()
}, 4000)
try {
  const server = createServer(({ method, target, body }) => {
    const text = new TextDecoder().decode(body)
    return {
      status: 200,
      headers: [['Content-Type', 'text/plain; charset=utf-8']],
      body: `${method} ${target} ${text}\n`,
    }
  })
  const port = await server.listen()
  const client = connect(port, '127.0.0.1')
  client.on('error', () => {})
  client.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const reads: Buffer[] = []
  client.on('data', (bytes) => reads.push(bytes))
  await once(client, 'close')
  console.log(`${explain(Buffer.concat(reads), { columns: Number(process.env['COLUMNS']) || 80 })}\n`)
  const response = await fetch(`http://127.0.0.1:${port}/3`, { method: 'POST', body: 'wörld' })
  console.log(`fetch got ${response.status}: ${JSON.stringify(await response.text())}`)
  await server.close()
} catch (error) {
  console.log('Your server:', error instanceof Error ? error.message : error)
}
clearTimeout(limit)
