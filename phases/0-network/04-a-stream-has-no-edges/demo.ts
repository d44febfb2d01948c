import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createLineReader } from '#ex/04-a-stream-has-no-edges'

// Writes on one side, reads on the other: first three writes in a row, then a text with pauses, then one large write.
const server = createServer(async (socket) => {
  socket.on('error', () => {})
  for (const text of ['one\n', 'two\n', 'three\n']) socket.write(text)
  for (const piece of [Buffer.from('fo'), Buffer.from('ur\r'), Buffer.from('\nf\u00fcnf\n').subarray(0, 3)]) {
    await pause(50)
    socket.write(piece)
  }
  await pause(50)
  socket.write(Buffer.from('\nf\u00fcnf\n').subarray(3))
  await pause(50)
  socket.end(`${'x'.repeat(200_000)}\nthe end`)
})
await once(server.listen(0, '127.0.0.1'), 'listening')

const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
client.on('error', () => {})
try {
  const reader = createLineReader((line) => console.log(`          line ${short(line)}`))
  for await (const bytes of client) {
    console.log(`read ${`${bytes.length}`.padStart(6)} bytes  ${short(bytes.toString('latin1'))}`)
    reader.push(bytes)
  }
  reader.end()
  console.log('\nThe writes were one, two, three; fo, ur CR, LF f and half of \u00fc; the rest; 200,008 bytes.')
} catch (error) {
  console.log('Your line reader throws:', error instanceof Error ? error.message : error)
} finally {
  client.destroy()
  server.close()
}

function short(text: string): string {
  return text.length > 40 ? `${JSON.stringify(text.slice(0, 30))} … (${text.length})` : JSON.stringify(text)
}
