import { once } from 'node:events'
import { connect } from 'node:net'
import { startEcho } from '#ex/02-echo-server'

// Three clients: one that talks, one that ends first, one that breaks off. And one more, to see whether the server still lives.
const limit = setTimeout(() => {
  console.log('Nothing for 4 seconds: does your server answer, and does close resolve?')
  process.exit()
}, 4000)
process.on('uncaughtException', (error) => {
  console.log(`Your server has ended, for all its clients: ${error.message}`)
  process.exit()
})

try {
  const { port, close } = await startEcho()
  const talker = await call('talker', port)
  talker.write('hello')
  await once(talker, 'data')
  const ender = await call('ender', port)
  ender.end('these were my last words')
  await once(ender, 'close')
  const breaker = await call('breaker', port)
  breaker.resetAndDestroy()
  console.log('breaker  sends RST')
  const last = await call('last', port)
  last.write('still there?')
  await once(last, 'data')
  await close()
  console.log('The server is closed.')
} catch (error) {
  console.log('Your server:', error instanceof Error ? error.message : error)
}
clearTimeout(limit)

async function call(name: string, port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', (error) => console.log(`${name.padEnd(8)} ${error.message}`))
  await once(socket, 'connect')
  console.log(
    `${name.padEnd(8)} ${socket.localAddress}:${socket.localPort} -> ${socket.remoteAddress}:${socket.remotePort}`,
  )
  socket.on('data', (bytes) => console.log(`${name.padEnd(8)} hears ${JSON.stringify(bytes.toString())}`))
  socket.on('end', () => {
    console.log(`${name.padEnd(8)} hears the end (FIN)`)
    socket.end()
  })
  return socket
}
