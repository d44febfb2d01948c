import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { asBytes } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { sendChunked } from '#ex/03-chunked-server'

// Your server and a client that shows each read as it comes.
async function* words() {
  for (const word of ['This ', 'body ', 'is ', 'being ', 'written.\n']) {
    await pause(200)
    yield asBytes(word)
  }
}

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', async () => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    try {
      await sendChunked(socket, words())
      console.log('sendChunked is done.\n')
    } catch (error) {
      console.log('sendChunked:', error instanceof Error ? error.message : error)
    }
    socket.end()
  })
})
await once(server.listen(0, '127.0.0.1'), 'listening')

const { port } = server.address() as AddressInfo
const client = connect(port, '127.0.0.1')
const reads: Buffer[] = []
const start = performance.now()
client.on('error', () => {})
client.on('data', (bytes: Buffer) => {
  reads.push(bytes)
  console.log(
    `${`${Math.round(performance.now() - start)}`.padStart(5)} ms  ${JSON.stringify(bytes.toString('latin1'))}`,
  )
})
client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
const limit = setTimeout(() => {
  console.log('Nothing for 4 seconds: does sendChunked wait for something?')
  client.destroy()
}, 4000)
await once(client, 'close')
clearTimeout(limit)
server.close()
console.log(explain(Buffer.concat(reads), { columns: Number(process.env['COLUMNS']) || 80 }))
