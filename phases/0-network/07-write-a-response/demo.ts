import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { explain } from '@sse-from-scratch/wire-xray'
import { encodeResponse } from '#ex/07-write-a-response'

// Your response: its bytes, what fetch makes of it, and what becomes of a value that a stranger has chosen.
const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => socket.end(bytes))
})
let bytes: Uint8Array = new Uint8Array(0)
try {
  bytes = encodeResponse({ status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'caf\u00e9\n' })
  console.log(`${explain(bytes, { columns: Number(process.env['COLUMNS']) || 80 })}\n`)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const response = await fetch(url, { signal: AbortSignal.timeout(3000) })
  console.log(`fetch reads: ${response.status} ${response.statusText} ${JSON.stringify(await response.text())}\n`)
} catch (error) {
  console.log('It went wrong:', error instanceof Error ? (error.cause ?? error.message) : error)
} finally {
  server.close()
}
try {
  const forged = encodeResponse({ status: 302, headers: [['Location', '/next\r\nSet-Cookie: admin=1']] })
  console.log(`You have sent a cookie that a stranger wrote:\n\n${explain(forged, { columns: 80 })}`)
} catch (error) {
  console.log(`A forged value is refused: ${error instanceof Error ? error.message : error}`)
}
