// Connects to the port that it is told, asks, and throws away what comes.
import { connect, createServer } from 'node:net'
import { sayReady } from './child.ts'

// It is told by a connection of its own: the server that is measured does not exist yet when this starts.
const orders = createServer((order) => {
  order.once('data', (port) => {
    const socket = connect(Number(port.toString()), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    socket.resume()
  })
})
orders.listen(0, '127.0.0.1', () => sayReady((orders.address() as { port: number }).port))
