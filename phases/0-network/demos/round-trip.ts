import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from '@sse-from-scratch/tcp-echo'
import { closed } from './udp-echo.ts'

/** What came back, one string for each time the system handed something over, and how we knew that it was all. */
export interface RoundTrip {
  readonly reads: readonly string[]
  readonly end: string
}

/**
 * Sends each message as one datagram and collects what comes back.
 *
 * A datagram is handed over whole or not at all, and nothing says which was the last. If not as many come back as were
 * sent, we stop after `quiet` milliseconds without one, and never know whether that was too early.
 */
export async function overUdp(messages: readonly string[], port: number, quiet: number): Promise<RoundTrip> {
  const socket = createSocket('udp4')
  const reads: string[] = []
  socket.connect(port, '127.0.0.1') // sends nothing: it only remembers where to send, and from whom to hear
  await once(socket, 'connect')
  let clock: NodeJS.Timeout | undefined
  const end = new Promise<string>((resolve, reject) => {
    let silent = 0
    // In ten steps: who was kept from looking for so long shall look again before giving up.
    clock = setInterval(() => {
      if (++silent === 10) resolve(`${quiet} ms of silence`)
    }, quiet / 10)
    socket.on('error', reject) // ECONNREFUSED: nobody listens there, says an ICMP message (RFC 1122 §4.1.3.3)
    socket.on('message', (datagram) => {
      silent = 0
      if (reads.push(datagram.toString()) === messages.length) resolve('counting')
    })
  })
  for (const message of messages) socket.send(message)
  try {
    return { reads, end: await end }
  } finally {
    clearInterval(clock)
    await closed(socket)
  }
}

/** Writes each message by itself, says that this was all (FIN), and reads until the other side says so too. */
export async function overTcp(messages: readonly string[], port: number): Promise<RoundTrip> {
  const connection = await connect({ port })
  const reads: string[] = []
  for (const message of messages) void connection.write(new TextEncoder().encode(message))
  await connection.end()
  for await (const bytes of connection) reads.push(new TextDecoder().decode(bytes))
  return { reads, end: 'FIN' }
}
